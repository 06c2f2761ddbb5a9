"""Bounds on what a client may send and how many may come."""

import time

import pytest
from support.aya import wait_until
from support.client import ask
from support.message import Closed
from support.upstream import echo


def refused(client, aya, data, status, code):
    one = client(aya)
    try:
        one.send(data)
    except OSError:
        pass  # Aya may have closed before the end of it
    response = one.response()
    assert response.status == status, f"{response.head!r}"
    assert response.problem["code"] == code
    assert (response.get("connection") or "").lower() == "close"
    assert one.ends()


def test_request_line(proxy, upstream, client):
    server = upstream()
    aya = proxy(server, listener={"limits": {"request_line": "1KiB"}})
    assert ask(aya.port, target="/" + "x" * 900).status == 200
    refused(client, aya, b"GET /" + b"x" * 1100 + b" HTTP/1.1\r\nHost: aya.test\r\n\r\n", 414, "target_too_long")
    assert len(server.requests) == 1


def test_request_line_that_never_ends(proxy, upstream, client):
    aya = proxy(upstream())
    refused(client, aya, b"GET /" + b"x" * 100_000, 414, "target_too_long")


def test_header_count(proxy, upstream, client):
    server = upstream()
    aya = proxy(server, listener={"limits": {"header_count": 20}})
    assert ask(aya.port, headers=[(f"X-{n}", "1") for n in range(18)]).status == 200
    many = b"".join(b"X-%d: 1\r\n" % n for n in range(30))
    refused(client, aya, b"GET / HTTP/1.1\r\nHost: aya.test\r\n" + many + b"\r\n", 431, "head_too_large")
    assert len(server.requests) == 1


def test_header_bytes(proxy, upstream, client):
    server = upstream()
    aya = proxy(server, listener={"limits": {"header_bytes": "4KiB"}})
    assert ask(aya.port, headers={"X-A": "x" * 3500}).status == 200
    refused(
        client, aya, b"GET / HTTP/1.1\r\nHost: aya.test\r\nX-A: " + b"x" * 5000 + b"\r\n\r\n", 431, "head_too_large")
    assert len(server.requests) == 1


def test_header_that_never_ends(proxy, upstream, client):
    refused(
        client, proxy(upstream()), b"GET / HTTP/1.1\r\nHost: aya.test\r\nX-A: " + b"x" * 200_000, 431,
        "head_too_large")


def test_large_head_within_the_default_limits(proxy, upstream):
    """Larger than any one buffer is likely to be."""
    value = "v" * 30_000
    answer = ask(proxy(upstream()).port, target="/" + "p" * 7000, headers={"X-Large": value}).json()
    assert answer["target"] == "/" + "p" * 7000
    assert ["X-Large", value] in answer["headers"]


def test_body_by_length(proxy, upstream, client):
    server = upstream()
    aya = proxy(server, listener={"limits": {"body": "10KiB"}})
    assert ask(aya.port, "POST", body=b"x" * 10240).status == 200
    head = b"POST /big HTTP/1.1\r\nHost: aya.test\r\nContent-Length: 10241\r\n\r\n"
    refused(client, aya, head, 413, "body_too_large")
    assert len(server.requests) == 1
    assert aya.record(url__path="/big")["aya.blame"] == "client"


def test_chunked_body(proxy, upstream, client):
    """The length is not known before: the server must not take what it got for the whole."""
    completed = []

    def behave(exchange):
        exchange.read_body()
        completed.append(exchange.request.target)
        exchange.respond()

    aya = proxy(upstream(behave), listener={"limits": {"body": "10KiB"}})
    one = client(aya)
    try:
        one.send(b"POST /big HTTP/1.1\r\nHost: aya.test\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(20):
            one.send(b"400\r\n" + b"x" * 1024 + b"\r\n")
            time.sleep(0.01)
    except OSError:
        pass
    assert one.response().status == 413
    assert aya.record(url__path="/big")["aya.reason"] == "body_too_large"
    assert not completed


def test_expected_body_beyond_the_limit_is_refused_at_once(proxy, upstream, client):
    aya = proxy(upstream(), listener={"limits": {"body": "10KiB"}})
    one = client(aya)
    one.send(b"PUT / HTTP/1.1\r\nHost: aya.test\r\nContent-Length: 20000\r\nExpect: 100-continue\r\n\r\n")
    response = one.response()
    assert response.status == 413 and not response.informational


def test_connections_of_a_listener(proxy, upstream, client):
    aya = proxy(upstream(), listener={"limits": {"connections": 3}})
    held = [client(aya) for _ in range(3)]
    assert all(one.get().status == 200 for one in held)
    answer = _answer_or_nothing(client, aya)
    assert answer is None or answer.status == 503
    held[0].close()
    assert wait_until(lambda: _serves(aya), 5, "room after a connection ended")


def test_connections_of_a_client(proxy, upstream, client):
    aya = proxy(upstream(), listener={"limits": {"connections_per_client": 2}})
    held = [client(aya) for _ in range(2)]
    assert all(one.get().status == 200 for one in held)
    answer = _answer_or_nothing(client, aya)
    assert answer is None or answer.status in (429, 503)
    held[0].close()
    assert wait_until(lambda: _serves(aya), 5, "room after a connection ended")


def _answer_or_nothing(client, aya):
    """None when the connection was closed or reset without an answer."""
    try:
        one = client(aya)
        one.send_request()
        return one.response()
    except (Closed, ConnectionError):
        return None


def _serves(aya):
    try:
        return ask(aya.port, timeout=3).status == 200
    except Exception:
        return False


def test_connections_of_a_server(proxy, upstream, client):
    """The busy server is passed over; when all are busy the answer is 503 at once."""
    release = []

    def slow(exchange):
        exchange.read_body()
        exchange.upstream.stopped.wait(0.0 if release else 1.5)
        exchange.respond(body=exchange.upstream.name.encode())

    a, b = upstream(slow, name="a"), upstream(slow, name="b")
    aya = proxy(
        {"address": a.address, "max_connections": 1}, {"address": b.address, "max_connections": 1})
    clients = [client(aya) for _ in range(3)]
    for one in clients[:2]:
        one.send_request()
        time.sleep(0.05)
    response = clients[2].get("/third")
    assert response.status == 503
    assert response.problem["code"] in ("no_server", "connection_limit", "server_busy", "queue_full")
    assert sorted(one.response().body for one in clients[:2]) == [b"a", b"b"]
    release.append(True)
    assert clients[2].get().status == 200 if not clients[2].ends(0.2) else ask(aya.port).status == 200


@pytest.mark.parametrize("path, forwarded", [
    ("/a/b?c=/../%41", "/a/b?c=/../%41"), ("//double//slash", "//double//slash"), ("/a;b=c?d=e&f", "/a;b=c?d=e&f"),
    ("/" + "a/../" * 100, "/"), ("/%2e%2e/x", "/x"), ("/%7Ea%2fb", "/~a%2Fb"), ("/a/./b", "/a/b"),
    ("/%00", None), ("/%zz", None), ("/%4", None)])
def test_one_spelling_of_a_path(proxy, upstream, client, path, forwarded):
    """Dot segments and escapes are resolved before routes look at the path, and the server gets what they looked at."""
    server = upstream(echo)
    one = client(proxy(server))
    one.send(b"GET " + path.encode() + b" HTTP/1.1\r\nHost: aya.test\r\n\r\n")
    response = one.response()
    if forwarded is None:
        assert response.status == 400 and not server.requests
    else:
        assert response.status == 200 and server.requests[0].target == forwarded


def test_bytes_beyond_ascii_in_a_target(proxy, upstream, client):
    """Not allowed (RFC 3986), but sent: refused, or passed as they are."""
    server = upstream(echo)
    one = client(proxy(server))
    one.send("GET /\u00fc HTTP/1.1\r\nHost: aya.test\r\n\r\n".encode())
    response = one.response()
    assert response.status in (200, 400)
    if response.status == 200:
        assert server.requests[0].target.encode("latin-1") == "/\u00fc".encode()
