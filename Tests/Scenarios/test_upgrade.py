"""Upgrades: after 101 the connection is a tunnel (RFC 9110 section 7.8, RFC 6455)."""

import base64
import hashlib
import os
import threading
import time

from support.client import ask, pattern

KEY = base64.b64encode(b"0123456789abcdef").decode()
HEADERS = [
    ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", KEY)]


def accept_and_echo(exchange):
    """Takes the upgrade, then sends back every byte until the client's end."""
    request = exchange.request
    if (request.get("upgrade") or "").lower() != "websocket":
        exchange.read_body()
        exchange.respond(body=b"no upgrade")
        return
    digest = hashlib.sha1((request.get("sec-websocket-key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
    exchange.send(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
        + base64.b64encode(digest) + b"\r\n\r\nwelcome")
    exchange.keep_alive = False
    while True:
        if exchange.stream.buffer:
            data, exchange.stream.buffer = exchange.stream.buffer, b""
        else:
            data = exchange.socket.recv(65536)
        if not data:
            break
        exchange.send(data)
    exchange.send(b"bye")


def upgraded(client, aya):
    one = client(aya)
    one.send_request("GET", "/socket", HEADERS)
    response = one.response()
    assert response.status == 101
    assert response.get("upgrade").lower() == "websocket"
    assert "upgrade" in response.get("connection").lower()
    assert response.get("sec-websocket-accept") == base64.b64encode(hashlib.sha1(
        (KEY + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()).decode()
    assert one.stream.exactly(7) == b"welcome", "bytes that come with the 101 belong to the tunnel"
    return one


def test_tunnel(proxy, upstream, client):
    server = upstream(accept_and_echo)
    aya = proxy(server)
    one = upgraded(client, aya)
    assert server.requests[0].get("connection").lower() == "upgrade"
    assert server.requests[0].get("sec-websocket-key") == KEY
    for _ in range(5):
        message = os.urandom(1000)
        one.send(message)
        assert one.stream.exactly(1000) == message
    one.socket.shutdown(1)
    assert one.everything() == b"bye", "half-close goes through the tunnel"
    record = aya.record(url__path="/socket")
    assert record["http.response.status_code"] == 101 and record["aya.reason"] == "ok"


def test_bytes_right_behind_the_request(proxy, upstream, client):
    """A client may speak before it saw the 101."""
    one = client(proxy(upstream(accept_and_echo)))
    lines = "".join(f"{name}: {value}\r\n" for name, value in HEADERS)
    one.send(f"GET /socket HTTP/1.1\r\nHost: aya.test\r\n{lines}\r\n".encode() + b"early")
    assert one.response().status == 101
    assert one.stream.exactly(12) == b"welcomeearly"


def test_much_through_the_tunnel(proxy, upstream, client):
    one = upgraded(client, proxy(upstream(accept_and_echo)))
    data = pattern(20 << 20)
    sender = threading.Thread(target=one.send, args=(data,))
    sender.start()
    assert hashlib.sha256(one.stream.exactly(len(data))).digest() == hashlib.sha256(data).digest()
    sender.join()


def test_tunnel_outlives_the_response_timeout(proxy, upstream, client):
    aya = proxy(
        upstream(accept_and_echo), listener={"timeouts": {"idle": "5s", "body": "300ms"}},
        pool={"timeouts": {"response": "300ms"}})
    one = upgraded(client, aya)
    time.sleep(1)
    one.send(b"still there?")
    assert one.stream.exactly(12) == b"still there?"


def test_refused_upgrade_is_an_ordinary_answer(proxy, upstream, client):
    def refuse(exchange):
        exchange.read_body()
        exchange.respond(403, body=b"no", reason="Forbidden")

    one = client(proxy(upstream(refuse)))
    one.send_request("GET", "/socket", HEADERS)
    response = one.response()
    assert response.status == 403 and response.body == b"no"
    assert one.get().status == 403


def test_ignored_upgrade_keeps_the_connection(proxy, upstream, client):
    one = client(proxy(upstream()))
    one.send_request("GET", "/", [("Connection", "Upgrade"), ("Upgrade", "h2c"), ("HTTP2-Settings", "AAMAAABk")])
    assert one.response().status == 200
    assert one.get("/2").json()["target"] == "/2"


def test_upgrade_not_named_by_connection_is_dropped(proxy, upstream):
    server = upstream()
    assert ask(proxy(server).port, headers={"Upgrade": "websocket"}).status == 200
    assert not server.requests[0].all("upgrade")


def test_http2_by_upgrade_is_not_offered_to_servers(proxy, upstream):
    """In a tunnel HTTP/2 would carry requests past every route."""
    server = upstream()
    aya = proxy(server)
    response = ask(aya.port, headers={
        "Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAMAAABkAAQCAAAA"})
    assert response.status == 200
    assert server.requests[0].get("upgrade") is None and server.requests[0].get("http2-settings") is None
