"""Bodies stream; a slow reader stops its writer; memory stays bounded."""

import hashlib
import threading
import time

import pytest
from support.aya import wait_until
from support.client import pattern

MEGABYTE = 1 << 20
LARGE = 100 * MEGABYTE
ROOM = 24 * MEGABYTE  # what Aya may grow by while it carries 100 MB


def large_answer(chunked=False, total=LARGE):
    block = pattern(MEGABYTE)

    def behave(exchange):
        exchange.read_body()
        framing = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: %d" % total
        exchange.send(b"HTTP/1.1 200 OK\r\n" + framing + b"\r\n\r\n")
        for _ in range(total // MEGABYTE):
            exchange.send(b"%x\r\n%s\r\n" % (MEGABYTE, block) if chunked else block)
            exchange.upstream.sent = getattr(exchange.upstream, "sent", 0) + MEGABYTE
        if chunked:
            exchange.send(b"0\r\n\r\n")

    return behave


@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
def test_large_response(proxy, upstream, client, chunked):
    aya = proxy(upstream(large_answer(chunked)))
    before = aya.resident_bytes
    one = client(aya)
    response = one.get("/large")
    assert len(response.body) == LARGE
    assert hashlib.sha256(response.body).digest() == hashlib.sha256(pattern(MEGABYTE) * 100).digest()
    assert aya.peak_resident_bytes - before < ROOM
    assert aya.record(url__path="/large")["http.response.body.size"] == LARGE
    assert one.get("/again").status == 200


@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
def test_large_request(proxy, upstream, client, chunked):
    block = pattern(MEGABYTE)
    aya = proxy(upstream())
    before = aya.resident_bytes
    one = client(aya)
    framing = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: %d" % LARGE
    one.send(b"POST /large HTTP/1.1\r\nHost: aya.test\r\n" + framing + b"\r\n\r\n")
    for _ in range(100):
        one.send(b"%x\r\n%s\r\n" % (MEGABYTE, block) if chunked else block)
    if chunked:
        one.send(b"0\r\n\r\n")
    answer = one.response().json()
    assert (answer["size"], answer["digest"]) == (LARGE, hashlib.sha256(block * 100).hexdigest())
    assert aya.peak_resident_bytes - before < ROOM


def test_slow_reader_stops_the_server(proxy, upstream, client):
    server = upstream(large_answer())
    aya = proxy(server)
    before = aya.resident_bytes
    one = client(aya)
    one.send_request("GET", "/large")
    one.stream.fill()
    sent = _settled(lambda: getattr(server, "sent", 0))
    assert sent < 40 * MEGABYTE, "the server is held back by the client that does not read"
    assert aya.peak_resident_bytes - before < ROOM
    response = one.response()
    assert len(response.body) == LARGE, "and goes on when it does"


def test_slow_server_stops_the_client(proxy, upstream, client):
    started, go = threading.Event(), threading.Event()

    def reads_late(exchange):
        started.set()
        go.wait(20)
        exchange.read_body()
        exchange.respond(body=str(len(exchange.request.body)).encode())

    aya = proxy(upstream(reads_late))
    before = aya.resident_bytes
    one = client(aya)
    one.send(b"POST / HTTP/1.1\r\nHost: aya.test\r\nContent-Length: %d\r\n\r\n" % LARGE)
    sent = 0
    one.socket.settimeout(1.0)
    body = memoryview(bytes(LARGE))
    try:
        while sent < LARGE:
            sent += one.socket.send(body[sent:sent + MEGABYTE])
    except TimeoutError:
        pass
    assert started.is_set() and sent < 40 * MEGABYTE, "the client is held back by the server that does not read"
    assert aya.peak_resident_bytes - before < ROOM
    go.set()
    one.socket.settimeout(30)
    one.send(body[sent:])
    assert one.response().body == str(LARGE).encode()


def test_both_directions_at_once(proxy, upstream, client):
    """An answer that starts while the request still comes must not lock up, whoever is slow."""

    def mirror(exchange):
        exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (20 * MEGABYTE))
        for _ in range(20 * 16):
            exchange.send(exchange.stream.exactly(65536))

    one = client(proxy(upstream(mirror)), timeout=30)
    body = pattern(20 * MEGABYTE)
    one.send(b"POST / HTTP/1.1\r\nHost: aya.test\r\nContent-Length: %d\r\n\r\n" % len(body))
    sender = threading.Thread(target=one.send, args=(body,))
    sender.start()
    response = one.response()
    sender.join(20)
    assert hashlib.sha256(response.body).digest() == hashlib.sha256(body).digest()


def test_many_slow_readers_are_bounded(proxy, upstream, client):
    aya = proxy(upstream(large_answer(total=20 * MEGABYTE)))
    before = aya.resident_bytes
    clients = [client(aya) for _ in range(100)]
    for one in clients:
        one.send_request()
    _settled(lambda: aya.resident_bytes)
    assert aya.peak_resident_bytes - before < 100 * MEGABYTE // 2, "half a megabyte a connection is enough"


def _settled(value, timeout=10):
    """The value once it has not changed for half a second."""
    last, since = value(), time.monotonic()

    def settled():
        nonlocal last, since
        now = value()
        if now != last:
            last, since = now, time.monotonic()
        return time.monotonic() - since > 0.5

    wait_until(settled, timeout, "a standstill")
    return last


@pytest.mark.parametrize("apart", [False, True], ids=["at once", "head first"])
@pytest.mark.parametrize("size", [15, 100_000])
def test_every_byte_is_counted(proxy, upstream, client, apart, size):
    """However the bytes of an answer arrive, its head and its body are counted on both sides."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size

    def answer(exchange):
        exchange.read_body()
        exchange.send(head if apart else head + pattern(size))
        if apart:
            time.sleep(0.05)
            exchange.send(pattern(size))

    aya = proxy(upstream(answer))
    response = client(aya).get("/")
    assert len(response.body) == size
    aya.record(url__path="/")
    assert aya.metric("aya_listener_sent_bytes_total", listener="web") == len(response.head + b"\r\n\r\n") + size
    assert aya.metric("aya_server_received_bytes_total") == len(head) + size
