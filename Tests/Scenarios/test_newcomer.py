"""The way of somebody who is new here, tried in full: the demonstration stays, they open the dashboard, break a server,
and find it again with the same words in dashboard, `top`, `tap`, log and metrics; they drain one, and roll back."""

import glob
import json
import os
import queue
import re
import subprocess
import termios
import threading

import pytest
from support.aya import BINARY, run, wait_until
from support.client import ask
from support.terminal import Terminal
from test_dashboard import browser, go, open_page  # noqa: F401 (fixtures)


class Demonstration:
    """`aya demo --stay`, which keys are sent to and whose lines are read."""

    def __init__(self, directory):
        self.process = subprocess.Popen(
            [BINARY, "demo", "--stay"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            bufsize=1, env=os.environ | {"TMPDIR": str(directory)}, cwd=directory)
        self.lines, self.fresh = [], queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.url = self.line(r"http://127\.0\.0\.1:\d+(?=/$)")
        self.web = int(self.line(r"(?<=curl http://127\.0\.0\.1:)\d+(?=/$)"))
        self.log = self.line(r"(?<=tail -f )\S+")
        self.configuration = self.line(r"(?<=# change )[^,]+")
        self.admin = int(self.url.rsplit(":", 1)[1])
        self.servers = re.findall(r"127\.0\.0\.1:\d+", next(one for one in self.lines if "servers:" in one))

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            self.fresh.put(line)

    def line(self, pattern):
        """What matches in the first line that has it."""
        def find():
            return next((found[0] for one in list(self.lines) if (found := re.search(pattern, one))), None)
        return wait_until(find, 30, f"a line with {pattern}")

    def press(self, key):
        self.process.stdin.write(key)
        self.process.stdin.flush()

    def status(self):
        return ask(self.admin, target="/v1/status", host="localhost").json()

    def server(self, address):
        return next(one for one in self.status()["pools"][0]["servers"] if one["address"] == address)

    def wait_for(self, address, state):
        wait_until(lambda: self.server(address)["state"] == state, 60, f"{address} being {state}")
        return self.server(address)

    def metrics(self):
        return ask(self.admin, target="/metrics", host="localhost").body.decode()

    def logged(self):
        with open(self.log) as file:
            return file.read()

    def records(self):
        """Of the access log, also what was put aside meanwhile; the last line may be half there."""
        for path in glob.glob(os.path.join(os.path.dirname(self.log), "access.log*")):
            with open(path) as file:
                yield from (json.loads(line) for line in file if line.endswith("\n"))

    def run(self, *arguments):
        ran = run(*arguments, "--admin", self.url, timeout=60)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout


@pytest.fixture
def demonstration(tmp_path):
    one = Demonstration(tmp_path)
    yield one
    if one.process.poll() is None:
        one.process.kill()
    one.process.wait()


@pytest.mark.timeout(300)
def test_the_whole_way(demonstration, open_page, tmp_path):  # noqa: F811
    demo = demonstration
    page = open_page(demo.url + "/")
    page.wait("document.querySelector('h1').textContent === 'All is well'", timeout=60)
    victim = demo.servers[1]

    # One server breaks.
    demo.press("2")
    demo.line(f"{victim} is stopped")
    demo.wait_for(victim, "down")
    words = [victim, "down", "connection refused"]
    page.wait(f"{json.dumps(words)}.every(one => document.querySelector('.troubles').textContent.includes(one))", timeout=60)
    page.wait("document.querySelector('.feed').textContent.includes('server is down')", timeout=60)
    # Each probe has its own reason: on a busy machine one may say instead that it took too long.
    wait_until(lambda: all(word in demo.run("top", "--once") for word in words), 60, "the words in top")
    assert re.search(rf"{victim} +web +down", demo.run("top", "--once", "--page", "servers"))
    wait_until(lambda: all(word in demo.run("status") for word in words), 60, "the words in status")
    # It is told once, with the reason of the last probe before.
    wait_until(lambda: any("server is down" in line and victim in line for line in demo.logged().splitlines()), 30,
               "the line in the log")
    assert f'aya_server_up{{pool="web",server="{victim}"}} 0\n' in demo.metrics()
    # What it cost: attempts that were tried again elsewhere, of which clients notice nothing.
    cost = f'aya_server_failures_total{{pool="web",server="{victim}",reason="connect_refused"}} [1-9]'
    wait_until(lambda: re.search(cost, demo.metrics()), 30, "the failures in the metrics")
    wait_until(lambda: any(one.get("aya.retried.server") == victim and one["aya.retried.reason"] == "connect_refused"
                           for one in demo.records()), 30, "a record of what was tried in vain")
    assert ask(demo.web, target="/", host="shop.example").status == 200

    # All of them do: now clients notice, and the reason has one name.
    for key, address in zip("13", (demo.servers[0], demo.servers[2])):
        demo.press(key)
        demo.wait_for(address, "down")
    exchange = json.loads(demo.run("tap", "--status", "5xx", "--limit", "1", "--json"))
    name = exchange["aya.reason"]
    assert exchange["aya.blame"] == "upstream"
    assert f"{name} ({exchange['aya.blame']})" in demo.run("tap", "--reason", name, "--limit", "1")
    wait_until(lambda: any(one["aya.reason"] == name for one in demo.records()), 30, "the reason in the access log")
    wait_until(lambda: re.search(rf'aya_route_failures_total{{route="default",reason="{name}"}} [1-9]', demo.metrics()), 30)
    go(page, "routes/default")
    page.wait(f"document.querySelector('main').textContent.includes({json.dumps(name)})", timeout=60)
    go(page, "")
    page.wait("document.querySelector('.troubles').textContent.includes('no server')", timeout=60)

    # And back.
    for key, address in zip("123", demo.servers):
        demo.press(key)
        demo.wait_for(address, "available")
    page.wait("document.querySelector('h1').textContent === 'All is well'", timeout=60)
    assert f'aya_server_up{{pool="web",server="{victim}"}} 1\n' in demo.metrics()

    # One is drained, on the dashboard.
    go(page, "pools")
    page.click(f"Drain {victim}")
    demo.wait_for(victim, "draining")
    page.wait(f"document.querySelector('[aria-label=\"End draining {victim}\"]')?.textContent === 'End drain'", timeout=60)
    assert re.search(rf"{victim} +web +draining", demo.run("top", "--once", "--page", "servers"))
    assert re.search(rf"{victim} +draining", demo.run("status"))
    page.click("Undo")
    demo.wait_for(victim, "available")

    # The configuration is changed, and rolled back.
    with open(demo.configuration) as file:
        before = file.read()
    with open(demo.configuration, "w") as file:
        file.write(before.replace(f", {victim}", ""))
    assert re.search(rf"-1 server\n.*- server web/{victim}", demo.run("reload"))
    assert victim not in demo.run("status")
    assert re.search(rf"\+1 server\n.*\+ server web/{victim}", demo.run("rollback"))
    assert demo.server(victim)["state"] == "available"
    assert demo.status()["generation"] == 3

    demo.press("q")
    assert demo.process.wait(30) == 0
    assert not os.path.exists(demo.configuration), "nothing is left behind"
    page.may_have_problems = True  # its Aya is gone


@pytest.mark.timeout(180)
def test_it_ends_by_itself_where_nobody_looks():
    """`make demo` of a script or a pipe; and what stays does not end by itself."""
    ran = run("demo", "--seconds", "3", timeout=60)
    assert ran.returncode == 0 and "requests in" in ran.stdout and "keys:" not in ran.stdout
    assert run("demo", "--stay", "--seconds", "3").returncode == 2


@pytest.mark.timeout(400)
def test_on_a_terminal_it_stays(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    terminal = Terminal("demo", rows=60, columns=120)
    try:
        terminal.wait_for("keys: 1 2 3", timeout=60)
        terminal.press("2")
        terminal.wait_for("is stopped, and its connections are cut", "0 %  down", timeout=90)
        terminal.press("2")
        terminal.wait_for("is started again", timeout=60)
        terminal.press("q")
        terminal.wait_for("requests in", timeout=60)
        assert terminal.end(60) == 0
        assert termios.tcgetattr(terminal.slave)[3] == terminal.before[3], "keys work as before"
        assert os.listdir(tmp_path) == []
    finally:
        terminal.close()
