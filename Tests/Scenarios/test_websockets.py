"""WebSockets by Python's `websockets` at both ends, over every combination of versions between them and Aya."""

import contextlib
import os

import pytest
import websockets.exceptions
import websockets.sync.client
from support.aya import wait_until
from support.sockets import EchoServer


@pytest.fixture
def echo_server():
    """A function that starts a server of WebSockets."""
    started = []

    def start(*arguments, **settings):
        started.append(EchoServer(*arguments, **settings))
        return started[-1]

    yield start
    for server in started:
        server.stop()


@pytest.fixture(params=["http", "h2"])
def through(request, proxy):
    """A function that puts Aya before a server: one that speaks HTTP/1.1 to both, or two with HTTP/2 between them, so
    that upgrades become extended CONNECTs and upgrades again."""
    def start(server, **settings):
        inner = proxy(server, **settings)
        if request.param == "http":
            return inner
        return proxy(f"127.0.0.1:{inner.port}", pool={"protocol": "h2"})
    return start


def connect(aya, path="/chat", **settings):
    settings.setdefault("max_size", None)
    return websockets.sync.client.connect(f"ws://127.0.0.1:{aya.port}{path}", open_timeout=10, **settings)


@pytest.mark.parametrize("compression", [None, "deflate"])
def test_messages(through, echo_server, compression):
    server = echo_server(compression=compression, max_size=None)
    with connect(through(server), compression=compression) as socket:
        for message in ("", "text: ü", b"", b"\0", os.urandom(125), os.urandom(126), os.urandom(65536),
                        os.urandom(3_000_000), "x" * 100_000):
            socket.send(message)
            assert socket.recv(timeout=10) == message
        # In fragments, and none of them waits for the next.
        socket.send(iter(["one ", "two ", "three"]))
        assert socket.recv(timeout=10) == "one two three"
        assert socket.ping().wait(10)


def test_negotiation(through, echo_server):
    server = echo_server(subprotocols=["second", "third"])
    aya = through(server)
    with connect(aya, "/chat?room=1", subprotocols=["first", "third"], origin="https://page.example",
                 additional_headers={"X-Mine": "m", "Cookie": "a=1; b=2"}) as socket:
        assert socket.subprotocol == "third"
    request = wait_until(lambda: server.requests)[0]
    assert request.path == "/chat?room=1"
    assert request.headers["Origin"] == "https://page.example" and request.headers["X-Mine"] == "m"
    assert request.headers["Cookie"] == "a=1; b=2"
    assert request.headers["X-Forwarded-For"].endswith("127.0.0.1")


def test_closing(through, echo_server):
    """Codes and reasons of either side reach the other."""
    server = echo_server()
    aya = through(server)
    with connect(aya) as socket:
        socket.close(4001, "enough")
    wait_until(lambda: server.closes == [(4001, "enough")])
    leaving = echo_server(lambda socket: socket.close(1012, "restart"))
    with connect(through(leaving)) as socket:
        with pytest.raises(websockets.exceptions.ConnectionClosed) as caught:
            socket.recv(timeout=10)
    assert (caught.value.rcvd.code, caught.value.rcvd.reason) == (1012, "restart")


def test_refusal(through, echo_server):
    def refuse(connection, request):
        return connection.respond(403, "not you\n")

    server = echo_server(process_request=refuse)
    with pytest.raises(websockets.exceptions.InvalidStatus) as caught:
        connect(through(server))
    assert caught.value.response.status_code == 403 and caught.value.response.body == b"not you\n"


def test_many_at_once(through, echo_server):
    """Forty sockets, which share connections where HTTP/2 is between; none waits for another."""
    server = echo_server()
    aya = through(server)
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(connect(aya)) for _ in range(40)]
        for number, socket in enumerate(sockets):
            socket.send(f"hello {number}")
        for number, socket in reversed(list(enumerate(sockets))):
            assert socket.recv(timeout=10) == f"hello {number}"


def test_server_that_pushes(through, echo_server):
    """Backpressure: what the client does not take is not lost, and comes in order."""
    def push(socket):
        for number in range(200):
            socket.send(number.to_bytes(4, "big") * 10_000)

    aya = through(echo_server(push))
    with connect(aya, max_queue=2) as socket:
        for number in range(200):
            message = socket.recv(timeout=10)
            assert len(message) == 40_000 and message[:4] == number.to_bytes(4, "big")
