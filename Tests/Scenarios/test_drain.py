"""SIGTERM: no new work, what runs is finished inside the grace period, exit 0."""

import signal
import threading
import time

import pytest
from support.aya import wait_until
from support.client import Client, Closed, ask
from support.upstream import stalling


def slow(seconds):
    def behave(exchange):
        exchange.read_body()
        time.sleep(seconds)
        exchange.respond(body=b"done")

    return behave


def test_exchange_in_flight_is_finished(proxy, upstream, client):
    aya = proxy(upstream(slow(1)), drain={"grace": "10s"})
    aya.may_have_ended = True
    one = client(aya)
    one.send_request()
    time.sleep(0.2)
    aya.terminate()
    response = one.response()
    assert response.body == b"done" and response.get("connection").lower() == "close"
    assert one.ends()
    assert aya.wait(5) == 0


@pytest.mark.slow
@pytest.mark.parametrize("round_number", range(2))
def test_no_exchange_is_cut_under_load(proxy, upstream, round_number):
    """Keep-alive clients and new connections. A request that got its connection accepted and was sent before the close
    is answered; a kept connection may end only between exchanges."""
    aya = proxy(upstream(slow(0.02)), drain={"grace": "10s"}, workers=2)
    aya.may_have_ended = True
    stop = threading.Event()
    cut, answered = [], [0] * 16

    def work(number):
        connection = None
        while not stop.is_set():
            try:
                connection = connection or Client(aya.port, timeout=10)
            except OSError:
                return  # the listener is closed
            try:
                connection.send_request("GET", f"/{number}")
                response = connection.response()
            except (Closed, OSError) as problem:
                # Ends without a byte of an answer on a kept connection: the race of keep-alive, not a cut exchange.
                if getattr(problem, "data", b"") or answered_on[number] == 0:
                    cut.append(f"{number}: {problem!r}")
                return
            answered[number] += 1
            answered_on[number] += 1
            if response.status != 200 or response.truncated or response.body != b"done":
                cut.append(f"{number}: {response.head!r}")
            if (response.get("connection") or "").lower() == "close" or number % 2:
                connection.close()
                connection, answered_on[number] = None, 0

    answered_on = [0] * 16
    threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    time.sleep(1.0)
    aya.terminate()
    code = aya.wait(10)
    stop.set()
    for thread in threads:
        thread.join(12)
    assert code == 0, aya.stderr
    assert not cut, cut
    assert min(answered) > 5


def test_idle_connections_end_at_once(proxy, upstream, client):
    aya = proxy(upstream(), drain={"grace": "20s"})
    aya.may_have_ended = True
    kept = [client(aya) for _ in range(5)]
    assert all(one.get().status == 200 for one in kept)
    unused = client(aya)
    time.sleep(0.1)
    began = time.monotonic()
    aya.terminate()
    assert aya.wait(10) == 0
    assert time.monotonic() - began < 5, "nothing was running"
    assert all(one.ends() for one in kept) and unused.ends()


def test_grace_period_ends(proxy, upstream, client):
    aya = proxy(upstream(stalling), drain={"grace": "700ms"})
    aya.may_have_ended = True
    one = client(aya)
    one.send_request()
    time.sleep(0.2)
    began = time.monotonic()
    aya.terminate()
    assert aya.wait(10) == 0
    assert 0.5 < time.monotonic() - began < 4


def test_new_connections_are_refused_while_draining(proxy, upstream, client):
    aya = proxy(upstream(slow(1.5)), drain={"grace": "10s"})
    aya.may_have_ended = True
    one = client(aya)
    one.send_request()
    time.sleep(0.2)
    aya.terminate()
    wait_until(lambda: _refused(aya.port), 1.2, "the listener's end")
    assert one.response().body == b"done"


def _refused(port):
    try:
        ask(port, timeout=0.5)
        return False
    except (OSError, Closed):
        return True


def test_not_ready_while_draining(proxy, upstream, client):
    aya = proxy(upstream(slow(1.5)), drain={"grace": "10s"})
    aya.may_have_ended = True
    one = client(aya)
    one.send_request()
    time.sleep(0.2)
    assert ask(aya.admin, target="/readyz", host="localhost").status == 200
    aya.terminate()
    wait_until(lambda: ask(aya.admin, target="/readyz", host="localhost").status == 503, 1.0, "503 of /readyz")
    assert ask(aya.admin, target="/healthz", host="localhost").status == 200
    assert one.response().body == b"done"


def test_sessions_of_tcp_are_finished(start, relay, port, client):
    def echo(server, connection):
        while data := connection.recv(65536):
            connection.sendall(data)

    listening = port()
    aya = start({
        "listeners": {"db": {"bind": f"127.0.0.1:{listening}", "protocol": "tcp", "pool": "main"}},
        "pools": {"main": {"servers": [relay(echo).address]}}, "drain": {"grace": "10s"}})
    aya.may_have_ended = True
    one = client(listening)
    one.send(b"hello")
    assert one.stream.exactly(5) == b"hello"
    aya.terminate()
    time.sleep(0.5)
    one.send(b"still")
    assert one.stream.exactly(5) == b"still"
    one.close()
    assert aya.wait(5) == 0


def test_second_sigterm_does_not_wait(proxy, upstream, client):
    aya = proxy(upstream(stalling), drain={"grace": "30s"})
    aya.may_have_ended = True
    one = client(aya)
    one.send_request()
    time.sleep(0.2)
    aya.terminate()
    time.sleep(0.3)
    aya.terminate()
    assert aya.wait(5) in (0, 1)
    aya.stop = lambda: 0


def test_sigint_drains_too(proxy, upstream):
    aya = proxy(upstream())
    aya.may_have_ended = True
    aya.process.send_signal(signal.SIGINT)
    assert aya.wait(5) == 0


def test_access_log_is_whole_at_the_end(proxy, upstream):
    aya = proxy(upstream())
    aya.may_have_ended = True
    for number in range(100):
        assert ask(aya.port, target=f"/{number}").status == 200
    assert aya.stop() == 0
    assert [record["url.path"] for record in aya.records(100)] == [f"/{number}" for number in range(100)]
