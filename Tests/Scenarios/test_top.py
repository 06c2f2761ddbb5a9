"""`aya top` on a pseudo-terminal, read by a terminal emulator."""

import signal
import time

import pytest
from support.aya import run, wait_until
from support.terminal import Terminal
from test_history import Requests
from support.site import Site


@pytest.fixture
def load():
    started = []

    def start_load(port):
        started.append(Requests(port))

    yield start_load
    for one in started:
        one.close()


@pytest.fixture
def top():
    started = []

    def start_top(site, *arguments, **settings):
        started.append(Terminal("top", "--admin", f"127.0.0.1:{site.admin}", *arguments, **settings))
        return started[-1]

    yield start_top
    for one in started:
        one.close()


def test_pages_within_80_by_24(site, upstream, load, top):
    servers = [upstream() for _ in range(3)]
    one = site(*servers, routes={"shop": {"path": "/*", "pool": "main"}})
    load(one.port)
    shown = top(one)
    shown.wait_for("1 Overview", "requests", "latency p99", "servers 3 of 3", "LISTENER", "web 127.0.0.1", "q quit")
    wait_until(lambda: shown.read() or "▁" in shown.text or "█" in shown.text, 10, "a graph")
    shown.press("2")
    shown.wait_for("ROUTE", "shop", "REQ/S")
    shown.press("3")
    shown.wait_for("POOL", "main", "round_robin", "3/3")
    shown.press("4")
    shown.wait_for("SERVER", *(server.address for server in servers), "available")
    shown.press("5")
    shown.wait_for("nothing has happened since this began")
    one.reload(*servers, upstream())
    shown.wait_for("configuration applied", "change=reload")
    shown.press("\t")
    shown.wait_for("servers 4 of 4", "generation 2")
    assert len(shown.lines) == 24 and all(len(line) <= 80 for line in shown.lines)
    shown.press("q")
    assert shown.end() == 0 and shown.is_restored


def test_sort_filter_and_scroll(site, upstream, load, top):
    servers = [upstream() for _ in range(30)]
    one = site(*servers)
    load(one.port)
    shown = top(one, "--page", "servers")
    ordered = sorted(server.address for server in servers)
    first, last = ordered[0], ordered[-1]
    shown.wait_for(first)
    assert last not in shown.text
    shown.press("\x1b[F")
    shown.wait_for(last)
    shown.press("\x1b[H")
    shown.wait_for(first)
    shown.press("r")
    shown.wait_for(last)
    shown.press("r/" + first.split(":")[1] + "\r")
    shown.wait_for("filter: " + first.split(":")[1], first)
    assert ordered[3] not in shown.text
    shown.press("\x1b")
    shown.wait_for(ordered[1])
    assert "filter" not in shown.text.splitlines()[2]


def test_a_server_that_breaks_is_told(site, process, top):
    a, b = process("a"), process("b")
    one = site(a, b, pool={"health": {"http": "/", "interval": "200ms", "timeout": "100ms", "fall": 2}})
    shown = top(one)
    shown.wait_for("servers 2 of 2")
    b.kill()
    shown.wait_for("servers 1 of 2", f"main/{b.address} is down: ")
    shown.press("3")
    shown.wait_for("1/2")
    shown.press("5")
    shown.wait_for("server is down")


def test_another_size(site, upstream, top):
    shown = top(site(upstream()))
    shown.wait_for("q quit")
    for columns, rows in ((120, 40), (40, 10), (80, 24)):
        shown.screen.reset()
        shown.resize(columns, rows)
        shown.wait_for("aya", "1 Overview", "q quit")
        assert "q quit" in shown.lines[rows - 1], shown.text


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_the_terminal_is_restored_at_any_end(site, upstream, top, number):
    shown = top(site(upstream()))
    shown.wait_for("q quit")
    if number == signal.SIGINT:
        shown.press("\x03")
    else:
        shown.process.send_signal(number)
    assert shown.end() == 0 and shown.is_restored


def test_a_lost_connection_is_told_and_tried_again(start, port, upstream, top):
    server = upstream()
    one = Site(start, port, server)
    shown = top(one)
    shown.wait_for("servers 1 of 1")
    one.aya.may_have_ended = True
    assert one.aya.stop() == 0
    shown.wait_for("no answer: ", "trying again", "servers 1 of 1")
    again = Site(start, lambda: next(ports), server) if (ports := iter([one.port, one.admin])) else None
    deadline = time.monotonic() + 10
    while "no answer" in shown.text:
        assert time.monotonic() < deadline, shown.text
        shown.read()
    assert again.aya.running and "servers 1 of 1" in shown.text


@pytest.mark.parametrize("history", ["on", "off"])
def test_once(site, upstream, load, history):
    server = upstream()
    one = site(server, **({"history": "off"} if history == "off" else {}))
    load(one.port)
    done = run("top", "--once", "--page", "servers", "--admin", f"127.0.0.1:{one.admin}")
    assert done.returncode == 0, done
    assert "\x1b" not in done.stdout
    row = next(line.split() for line in done.stdout.splitlines() if line.startswith(server.address))
    assert row[1:3] == ["main", "available"] and float(row[3]) > 5, done.stdout
    assert run("top", "--once", "--page", "overview", "--admin", f"127.0.0.1:{one.admin}").returncode == 0


def test_wrong_use(site, upstream, port):
    one = site(upstream())
    assert run("top", "--admin", f"127.0.0.1:{one.admin}").returncode == 2, "no terminal"
    assert run("top", "--once", "--page", "pools", "--sort", "nothing", "--admin", f"127.0.0.1:{one.admin}").returncode == 2
    done = run("top", "--once", "--admin", f"127.0.0.1:{port()}")
    assert done.returncode == 1 and "no answer" in done.stderr
