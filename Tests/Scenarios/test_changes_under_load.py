"""Everything an operator does in a bad week, within half a minute and beneath traffic of every kind: twenty reloads and
three upgrades, with keep-alive clients that ask whether or not they were answered, HTTP/2 and WebSocket. Nothing fails
and nothing is reset; what it costs in latency is printed, not judged."""

import threading
import time

from support.openloop import OpenLoop
from support.steady2 import Steady2
from test_process_upgrade import processes, site, upgrade  # noqa: F401 (a fixture)
from test_upgrade import accept_and_echo, upgraded

RATE, SECONDS = 2_000, 24


class Talk:
    """A WebSocket that says something twenty times a second and hears it."""

    def __init__(self, tunnel):
        self.tunnel, self.heard, self.problem = tunnel, 0, None
        self.finished = threading.Event()
        self.thread = threading.Thread(target=self._talk, daemon=True)
        self.thread.start()

    def _talk(self):
        try:
            while not self.finished.wait(0.05):
                word = b"%08d" % self.heard
                self.tunnel.send(word)
                assert self.tunnel.stream.exactly(8) == word
                self.heard += 1
        except Exception as problem:  # whatever it is, the tunnel did not last
            self.problem = problem

    def end(self):
        self.finished.set()
        self.thread.join(10)
        assert self.problem is None and self.heard > 100, (self.problem, self.heard)


def test_twenty_reloads_and_three_upgrades(site, process, upstream, client):  # noqa: F811
    servers, echo = [process(name) for name in "abc"], upstream(accept_and_echo)

    def parts(number):
        chosen = [servers[number % 3].address, servers[(number + 1) % 3].address]
        return {
            "pools": {"main": {"servers": chosen, "timeouts": {"response": f"{10 + number}s"}},
                      "ws": {"servers": [echo.address]}},
            "routes": {"all": {"pool": "main"}, "ws": {"path": "/socket", "pool": "ws"},
                       f"r{number}": {"path": f"/r{number}", "respond": {"status": 204}}}}

    one = site(drain={"grace": "100ms"}, **parts(0))
    talks = [Talk(upgraded(client, one)) for _ in range(4)]
    with OpenLoop(one.port, rate=RATE, seconds=SECONDS, clients=64) as load, Steady2(one.port, clients=4) as steady:
        time.sleep(4)
        for number in range(1, 21):
            one.reload(drain={"grace": "100ms"}, **parts(number))
            time.sleep(0.3)
            if number % 7 == 6:
                upgrade(one)
                time.sleep(1.0)
    for talk in talks:
        talk.end()
        talk.tunnel.close()
    assert not load.result["problems"], load.result["problems"][:3]
    assert not steady.problems and steady.answered > 100, steady.problems[:3]
    asked = len(load.result["latencies"])
    assert asked >= RATE * SECONDS * 0.8, "the load itself did not keep its pace"
    assert set(load.result["bodies"]) == {"a", "b", "c"}
    before, during = load.quantile(0.99, until=4), load.quantile(0.99, since=4, until=16)
    print(f"{asked} requests, p99 before {before * 1e3:.1f} ms, during {during * 1e3:.1f} ms, "
          f"ratio {during / before:.2f}; {steady.answered} over HTTP/2")
    assert len(processes(one.program)) >= 1
