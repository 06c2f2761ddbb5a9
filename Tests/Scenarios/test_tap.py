"""Exchanges, sessions and flows, watched as they end: /v1/tap and `aya tap`."""

import json
import socket
import subprocess
import time

from support.aya import BINARY, run, wait_until
from support.client import Client, ask


class Tap:
    """A client of /v1/tap."""

    def __init__(self, aya, query=""):
        self.client = Client(aya.admin, timeout=10)
        self.client.send(f"GET /v1/tap{query} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        self.head = self.client.stream.until(b"\r\n\r\n")
        assert b" 200 " in self.head and b"text/event-stream" in self.head, self.head
        assert self.client.stream.until(b"\n\n") == b"retry: 1000"
        time.sleep(0.1)  # the workers know

    def event(self):
        while True:
            lines = self.client.stream.until(b"\n\n").decode().split("\n")
            if lines[0].startswith("event: "):
                assert lines[1].startswith("data: ")
                return lines[0][7:], json.loads(lines[1][6:])

    def next(self):
        name, data = self.event()
        assert name == "exchange", (name, data)
        return data


def test_exchanges_as_they_end(proxy, upstream):
    aya = proxy(upstream(), upstream())
    first, second = Tap(aya), Tap(aya)
    for number in range(3):
        assert ask(aya.port, target=f"/{number}").status == 200
    for tap in (first, second):
        records = [tap.next() for _ in range(3)]
        assert [r["url.path"] for r in records] == ["/0", "/1", "/2"]
        assert records[0]["http.response.status_code"] == 200 and records[0]["aya.pool"] == "main"
    # The same words as in the access log.
    assert aya.record(url__path="/2") == records[2]
    first.client.close()
    assert ask(aya.port, target="/3").status == 200
    assert second.next()["url.path"] == "/3"
    second.client.close()


def test_filters(proxy, upstream):
    one = upstream()
    aya = proxy(one, routes={"api": {"path": "/api/*", "pool": "main"}, "all": {"pool": "main"},
                             "gone": {"path": "/gone", "respond": {"status": 410}}})
    asked = [("/api/a", []), ("/gone", []), ("/x", [("x-lab", "1")]), ("/none", [("x-lab", "2")])]
    wanted = {
        "?route=api": ["/api/a"], "?path=/api/*": ["/api/a"], "?path=/x": ["/x"], "?status=4xx": ["/gone"],
        "?status=410,503": ["/gone"], "?header=X-Lab": ["/x", "/none"], "?header=x-lab:%201": ["/x"],
        f"?server={one.address}&route=all": ["/x", "/none"], "?method=POST": [], "?slower_than=10s": [],
        "?client=127.0.0.0/8&path=/gone": ["/gone"], "?client=10.0.0.0/8": [], "?reason=no_route": [],
        "?listener=web&pool=main&path=/x": ["/x"],
    }
    taps = {query: Tap(aya, query) for query in wanted}
    for target, headers in asked:
        assert ask(aya.port, target=target, headers=headers).status in (200, 410)
    assert ask(aya.port, method="OPTIONS", target="/end").status == 200
    for query, tap in taps.items():
        found = [tap.next()["url.path"] for _ in wanted[query]]
        assert found == wanted[query], query
        tap.client.close()


def api_status(aya, path):
    client = Client(aya.admin, timeout=10)
    client.send(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    head = client.stream.until(b"\r\n\r\n")
    client.close()
    return int(head.split()[1])


def test_what_is_not_understood(proxy, upstream):
    aya = proxy(upstream())
    for query, word in [("status=bad", "status"), ("sample=2", "sample"), ("limit=0", "limit"), ("colour=red", "colour"),
                        ("slower_than=soon", "slower_than"), ("client=me", "client"), ("reason=why", "reason"),
                        ("status=5x%", "status"), ("status=9-1", "status"), ("header=:", "header"), ("rate=-1", "rate")]:
        answer = ask(aya.admin, target=f"/v1/tap?{query}", host="localhost")
        assert answer.status == 400 and word in answer.body.decode(), (query, answer.body)
    assert ask(aya.admin, method="POST", target="/v1/tap", host="localhost").status == 405


def test_limit_and_rate(proxy, upstream):
    aya = proxy(upstream())
    limited, slow = Tap(aya, "?limit=2"), Tap(aya, "?rate=10")
    for number in range(30):
        assert ask(aya.port, target=f"/{number}").status == 200
    assert [limited.next()["url.path"] for _ in range(2)] == ["/0", "/1"]
    assert limited.client.stream.rest() == b""
    told = dropped = 0
    while told + dropped < 30:
        name, data = slow.event()
        if name == "exchange":
            told += 1
        else:
            dropped += data["count"]
            assert data["total"] == dropped
    assert told >= 1 and dropped >= 1
    slow.client.close()


def test_a_reader_that_does_not_read_costs_nothing_but_its_records(proxy, upstream):
    aya = proxy(upstream())
    stuck = Client(aya.admin)
    stuck.send(b"GET /v1/tap?rate=100000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
    time.sleep(0.2)
    reader = Tap(aya, "?path=/last")
    client = Client(aya.port)
    long = "x" * 3000
    for _ in range(600):
        client.send(f"GET /{long} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        assert client.response().status == 200
    assert ask(aya.port, target="/last").status == 200
    assert reader.next()["url.path"] == "/last"
    stuck.close()
    client.close()
    reader.client.close()


def test_too_many_watch(proxy, upstream):
    aya = proxy(upstream())
    taps = [Tap(aya) for _ in range(16)]
    answer = ask(aya.admin, target="/v1/tap", host="localhost")
    assert answer.status == 503 and answer.json()["code"] == "tap_limit"
    taps.pop().client.close()
    wait_until(lambda: api_status(aya, "/v1/tap") == 200, 5, "a free place")
    for tap in taps:
        tap.client.close()


def test_sessions_and_flows(start, port, relay):
    tcp, udp, admin = port(), port(), port()

    def once(server, connection):
        connection.sendall(connection.recv(100))

    behind = relay(once)
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    datagrams.bind(("127.0.0.1", 0))
    aya = start({
        "listeners": {"db": {"bind": f"127.0.0.1:{tcp}", "protocol": "tcp", "pool": "tcp"},
                      "log": {"bind": f"127.0.0.1:{udp}", "protocol": "udp", "pool": "udp", "timeouts": {"idle": "300ms"}}},
        "pools": {"tcp": {"servers": [behind.address]},
                  "udp": {"servers": [f"127.0.0.1:{datagrams.getsockname()[1]}"]}},
        "admin": {"bind": f"127.0.0.1:{admin}"}, "access_log": "off"})
    aya.admin = admin
    aya.wait_ready()
    tap = Tap(aya)
    with socket.create_connection(("127.0.0.1", tcp)) as client:
        client.sendall(b"hello")
        assert client.recv(100) == b"hello"
    session = tap.next()
    assert session["network.transport"] == "tcp" and session["aya.listener"] == "db"
    assert session["aya.bytes.received"] == 5 and session["aya.server"] == behind.address
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(5)
        client.connect(("127.0.0.1", udp))
        client.send(b"abc")
        datagrams.settimeout(5)
        _, peer = datagrams.recvfrom(100)
        datagrams.sendto(b"answer", peer)
        assert client.recv(100) == b"answer"
    flow = tap.next()
    assert flow["network.transport"] == "udp" and flow["aya.bytes.received"] == 3 and flow["aya.bytes.sent"] == 6
    assert flow["aya.reason"] == "idle_timeout"
    tap.client.close()
    datagrams.close()


def test_command(proxy, upstream):
    aya = proxy(upstream())
    address = f"http://127.0.0.1:{aya.admin}"
    watching = [
        subprocess.Popen([BINARY, "tap", "--admin", address, "--path", "/a*", "--limit", "2", *more],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for more in ([], ["--json"])]
    try:
        time.sleep(1)
        for target in ("/a1", "/b", "/a%1b[31m"):
            assert ask(aya.port, target=target).status == 200
        plain, as_json = (one.communicate(timeout=10)[0] for one in watching)
    finally:
        for one in watching:
            one.kill()
    lines = plain.splitlines()
    assert len(lines) == 2 and "/a1" in lines[0] and " 200 " in lines[0] and "web > " in lines[0]
    assert "\x1b" not in plain
    assert [json.loads(line)["url.path"] for line in as_json.splitlines()] == ["/a1", "/a%1b[31m"]
    refused = run("tap", "--admin", address, "--status", "bad")
    assert refused.returncode == 1 and "status: 'bad' is not" in refused.stderr


def test_what_was_tried_in_vain_is_told(proxy, upstream, port):
    gone, good = f"127.0.0.1:{port()}", upstream()
    aya = proxy(gone, good, pool={"outliers": "off"})
    watching = subprocess.Popen(
        [BINARY, "tap", "--admin", f"http://127.0.0.1:{aya.admin}", "--limit", "1"], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True)
    try:
        # Whenever it has come to watch.
        wait_until(lambda: ask(aya.port).status == 200 and watching.poll() is not None, 30, "the end of the command")
        line = watching.communicate(timeout=10)[0]
    finally:
        watching.kill()
    assert "2 attempts" in line and f"not {gone}: connect_refused" in line and good.address in line
