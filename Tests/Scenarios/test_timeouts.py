"""Every wait ends, each with its own reason."""

import socket
import time

import pytest
from support.client import ask
from support.upstream import stalling


def elapsed(function):
    began = time.monotonic()
    result = function()
    return result, time.monotonic() - began


def test_slow_header(proxy, upstream, client):
    """Slowloris: a byte now and then does not prolong the wait."""
    aya = proxy(upstream(), listener={"timeouts": {"header": "600ms"}})
    one = client(aya)
    one.send(b"GET /slow HTTP/1.1\r\nHost: aya.test\r\n")
    began = time.monotonic()
    while time.monotonic() - began < 5:
        try:
            one.send(b"X-A: 1\r\n")
            time.sleep(0.1)
        except OSError:
            break
        one.socket.setblocking(False)
        try:
            arrived = one.socket.recv(1, socket.MSG_PEEK)
            break
        except BlockingIOError:
            arrived = None
        finally:
            one.socket.settimeout(5)
    assert time.monotonic() - began < 3
    assert arrived is None or arrived
    response = one.response()
    assert response.status == 408 and response.problem["code"] == "header_timeout"
    assert one.ends()
    record = aya.records(1)[0]
    assert (record["aya.reason"], record["aya.blame"]) == ("header_timeout", "client")


def test_many_slow_headers_do_not_hinder_others(proxy, upstream, client):
    aya = proxy(upstream(), listener={"timeouts": {"header": "5s"}})
    for _ in range(200):
        client(aya).send(b"GET / HTTP/1.1\r\nX-A: ")
    response, seconds = elapsed(lambda: ask(aya.port))
    assert response.status == 200 and seconds < 1


def test_slow_second_request_on_a_kept_connection(proxy, upstream, client):
    one = client(proxy(upstream(), listener={"timeouts": {"header": "500ms"}}))
    assert one.get().status == 200
    time.sleep(0.7)
    one.send(b"GET /2 HTTP/1.1\r\n")
    response = one.response()
    assert response.status == 408 and response.problem["code"] == "header_timeout"


def test_slow_body(proxy, upstream, client):
    aya = proxy(upstream(), listener={"timeouts": {"body": "500ms"}})
    one = client(aya)
    one.send(b"POST /slow HTTP/1.1\r\nHost: aya.test\r\nContent-Length: 100\r\n\r\nhello")
    response, seconds = elapsed(one.response)
    assert response.status == 408 and response.problem["code"] == "body_timeout"
    assert 0.3 < seconds < 3
    assert one.ends()
    record = aya.record(url__path="/slow")
    assert (record["aya.reason"], record["aya.blame"]) == ("body_timeout", "client")


def test_steady_body_is_not_slow(proxy, upstream, client):
    """The body timeout is between two pieces, not for the whole."""
    one = client(proxy(upstream(), listener={"timeouts": {"body": "700ms"}}))
    one.send(b"POST / HTTP/1.1\r\nHost: aya.test\r\nContent-Length: 10\r\n\r\n")
    for _ in range(10):
        time.sleep(0.15)
        one.send(b"x")
    assert one.response().json()["size"] == 10


def test_response_timeout(proxy, upstream, client):
    aya = proxy(upstream(stalling), pool={"timeouts": {"response": "500ms"}})
    one = client(aya)
    response, seconds = elapsed(lambda: one.get("/stall"))
    assert response.status == 504 and response.problem["code"] == "upstream_timeout"
    assert response.problem["blame"] == "upstream"
    assert 0.3 < seconds < 3
    record = aya.record(url__path="/stall")
    assert (record["aya.reason"], record["http.response.status_code"]) == ("upstream_timeout", 504)
    assert record["aya.attempts"] == 1, "a server that was slow once is not asked twice"


def test_response_body_that_stalls(proxy, upstream, client):
    def behave(exchange):
        exchange.read_body()
        exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello")
        exchange.upstream.stopped.wait(20)

    aya = proxy(upstream(behave), pool={"timeouts": {"response": "500ms"}})
    one = client(aya)
    response, seconds = elapsed(lambda: one.get("/stall"))
    assert response.status == 200 and response.truncated and response.body == b"hello"
    assert seconds < 4
    record = aya.record(url__path="/stall")
    assert record["aya.reason"] == "upstream_body_timeout" and record["aya.blame"] == "upstream"


def test_route_timeout(start, upstream, port):
    server, listening = upstream(stalling), port()
    aya = start({
        "listeners": {"web": {"bind": f"127.0.0.1:{listening}"}},
        "routes": {"short": {"path": "/*", "timeout": "500ms", "pool": "main"}},
        "pools": {"main": {"servers": [server.address]}}})
    response, seconds = elapsed(lambda: ask(listening, target="/x"))
    assert response.status == 504 and response.problem["code"] == "route_timeout"
    assert seconds < 3
    assert aya.record(url__path="/x")["aya.reason"] == "route_timeout"


@pytest.fixture
def black_hole():
    """An address that never answers a SYN: a listener whose queue is full."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    address = listener.getsockname()
    fillers = []
    for _ in range(4):
        filler = socket.socket()
        filler.setblocking(False)
        filler.connect_ex(address)
        fillers.append(filler)
    time.sleep(0.1)
    yield f"127.0.0.1:{address[1]}"
    for filler in fillers:
        filler.close()
    listener.close()


def test_connect_timeout(proxy, black_hole):
    aya = proxy(black_hole, pool={"timeouts": {"connect": "300ms"}, "retry": {"attempts": 1}})
    response, seconds = elapsed(lambda: ask(aya.port, target="/hole"))
    assert response.status == 504 and response.problem["code"] == "connect_timeout"
    assert 0.2 < seconds < 3
    assert aya.record(url__path="/hole")["aya.reason"] == "connect_timeout"


def test_connect_timeout_goes_to_another_server(proxy, upstream, black_hole):
    server = upstream()
    aya = proxy(black_hole, server, pool={"timeouts": {"connect": "300ms"}})
    for number in range(4):
        assert ask(aya.port, "POST", f"/{number}", body=b"x").status == 200, "nothing was sent, so it is safe"


def test_client_that_does_not_read(proxy, upstream, client):
    """A client that takes nothing of a large answer is let go after the body timeout."""
    closed = []

    def behave(exchange):
        exchange.read_body()
        exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n")
        try:
            for _ in range(50):
                exchange.send(b"x" * 1_000_000)
        finally:
            closed.append(True)
            exchange.close()

    aya = proxy(upstream(behave), listener={"timeouts": {"body": "700ms"}})
    one = client(aya)
    one.send_request("GET", "/unread")
    record = aya.record(url__path="/unread", timeout=8)
    assert record["aya.blame"] == "client", record
