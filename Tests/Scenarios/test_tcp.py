"""TCP listeners: bytes both ways, ends both ways, PROXY protocol, and TLS passed through by name."""

import hashlib
import socket
import struct
import threading
import time

import pytest
from support import certificates, proxy_protocol
from support.aya import wait_until
from support.client import Client, ask, pattern
from support.message import Stream


def echo(server, connection):
    while data := connection.recv(65536):
        connection.sendall(data)


def name_then_echo(server, connection):
    connection.sendall(server.name.encode() + b"\n")
    echo(server, connection)


@pytest.fixture
def tcp(start, port):
    """A function that starts Aya with one TCP listener."""

    def start_tcp(*servers, listener=None, pool=None, pools=None, **more):
        listening = port()
        aya = start({
            "listeners": {"db": {"bind": f"127.0.0.1:{listening}", "protocol": "tcp", **({} if pools else {"pool": "main"}),
                                 **(listener or {})}},
            "pools": pools or {"main": {"servers": [getattr(s, "address", s) for s in servers], "balance": "round_robin",
                                        **(pool or {})}},
            **more})
        aya.port = listening
        return aya

    return start_tcp


def test_bytes_both_ways(tcp, relay, client):
    one = client(tcp(relay(echo)))
    for size in (1, 100, 70_000):
        data = pattern(size)
        one.send(data)
        assert one.stream.exactly(size) == data


def test_server_speaks_first(tcp, relay, client):
    one = client(tcp(relay(name_then_echo, name="mysql")))
    assert one.stream.until(b"\n") == b"mysql"


def test_half_close_of_the_client(tcp, relay, client):
    """The client ends its side; the server still answers, then ends its own."""

    def answers_at_the_end(server, connection):
        received = b""
        while data := connection.recv(65536):
            received += data
        time.sleep(0.2)
        connection.sendall(b"got " + received)

    one = client(tcp(relay(answers_at_the_end)))
    one.send(b"everything")
    one.socket.shutdown(socket.SHUT_WR)
    assert one.everything() == b"got everything"


def test_half_close_of_the_server(tcp, relay, client):
    received = []

    def ends_first(server, connection):
        connection.sendall(b"bye")
        connection.shutdown(socket.SHUT_WR)
        while data := connection.recv(65536):
            received.append(data)

    one = client(tcp(relay(ends_first)))
    assert one.everything() == b"bye"
    time.sleep(0.2)
    one.send(b"but listen")
    wait_until(lambda: b"".join(received) == b"but listen", 3, "what came after the server's end")
    one.close()


def test_reset_goes_through(tcp, relay, client):
    """A reset of one side must not look like a clean end to the other."""

    def resets(server, connection):
        connection.recv(10)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    one = client(tcp(relay(resets)))
    one.send(b"x")
    with pytest.raises(ConnectionResetError):
        if one.socket.recv(10) == b"":
            raise AssertionError("a clean end")


def test_much_both_ways(tcp, relay, client):
    size = 200 << 20
    aya = tcp(relay(echo))
    before = aya.resident_bytes
    one = client(aya)
    data = pattern(size)
    sender = threading.Thread(target=one.send, args=(data,))
    sender.start()
    digest, left = hashlib.sha256(), size
    while left:
        piece = one.socket.recv(min(left, 1 << 20))
        assert piece
        digest.update(piece)
        left -= len(piece)
    sender.join()
    assert digest.digest() == hashlib.sha256(data).digest()
    assert aya.peak_resident_bytes - before < 16 << 20


def test_slow_reader_stops_the_server(tcp, relay, client):
    sent = [0]

    def pours(server, connection):
        block = bytes(1 << 20)
        for _ in range(100):
            connection.sendall(block)
            sent[0] += len(block)

    aya = tcp(relay(pours))
    one = client(aya)
    time.sleep(1.5)
    assert sent[0] < 40 << 20
    left = 100 << 20
    while left:
        left -= len(one.socket.recv(min(left, 1 << 20)))
    assert one.ends()


def test_many_sessions(tcp, relay, client):
    aya = tcp(relay(name_then_echo, name="a"), relay(name_then_echo, name="b"))
    clients = [client(aya) for _ in range(200)]
    names = [one.stream.until(b"\n") for one in clients]
    assert sorted(names) == [b"a"] * 100 + [b"b"] * 100
    for number, one in enumerate(clients):
        one.send(b"%d" % number)
    for number, one in enumerate(clients):
        assert one.stream.exactly(len(b"%d" % number)) == b"%d" % number


def test_least_connections_counts_sessions(tcp, relay, client):
    aya = tcp(relay(name_then_echo, name="a"), relay(name_then_echo, name="b"), pool={"balance": "least_connections"})
    held = [client(aya) for _ in range(10)]
    names = [one.stream.until(b"\n") for one in held]
    assert names.count(b"a") == 5
    for one, name in zip(held, names):
        if name == b"a":
            one.close()
    time.sleep(0.3)
    more = [client(aya).stream.until(b"\n") for _ in range(5)]
    assert more == [b"a"] * 5


def test_refused_goes_to_another_server(tcp, relay, client, port):
    server = relay(name_then_echo, name="alive")
    aya = tcp(f"127.0.0.1:{port()}", server)
    for _ in range(4):
        assert client(aya).stream.until(b"\n") == b"alive"


def test_no_server(tcp, client, port):
    """Without a server the session ends, at once and with its reason in the log."""
    aya = tcp(f"127.0.0.1:{port()}")
    try:
        assert client(aya).ends()
    except ConnectionResetError:
        pass  # as clear as an end
    record = aya.records(1)[0]
    assert record["aya.reason"] == "connect_refused" and record["aya.listener"] == "db"


def test_idle_session_ends(tcp, relay, client):
    aya = tcp(relay(echo), listener={"timeouts": {"idle": "500ms"}})
    one = client(aya)
    for _ in range(4):
        time.sleep(0.25)
        one.send(b"x")
        assert one.stream.exactly(1) == b"x"
    began = time.monotonic()
    assert one.ends(5)
    assert time.monotonic() - began > 0.3


def test_session_in_the_log(tcp, relay, client):
    aya = tcp(relay(echo))
    one = client(aya)
    one.send(b"hello")
    assert one.stream.exactly(5) == b"hello"
    one.close()
    record = aya.records(1)[0]
    assert (record["aya.listener"], record["aya.pool"], record["aya.reason"]) == ("db", "main", "ok")
    assert record["client.address"] == "127.0.0.1"


def test_connection_limit(tcp, relay, client):
    aya = tcp(relay(echo), listener={"limits": {"connections": 2}})
    held = [client(aya) for _ in range(2)]
    for one in held:
        one.send(b"x")
        assert one.stream.exactly(1) == b"x"
    try:
        assert client(aya).ends(3)
    except ConnectionResetError:
        pass  # as clear as an end
    held[0].close()

    def room():
        try:
            one = client(aya, timeout=1)
            one.send(b"y")
            return one.stream.exactly(1) == b"y"
        except Exception:
            return False

    wait_until(room, 5, "room for one more")


# PROXY protocol towards servers

@pytest.mark.parametrize("version", ["v1", "v2"])
def test_proxy_protocol_to_the_server(tcp, relay, client, version):
    seen = []

    def reads_header(server, connection):
        stream = Stream(connection)
        seen.append(proxy_protocol.read(stream))
        connection.sendall(stream.exactly(5))

    aya = tcp(relay(reads_header), pool={"proxy_protocol": version})
    one = client(aya)
    one.send(b"hello")
    assert one.stream.exactly(5) == b"hello"
    local = one.socket.getsockname()
    assert seen == [(int(version[1]), "127.0.0.1", local[1], "127.0.0.1", aya.port)]


# PROXY protocol from clients

IN = {"proxy_protocol": True, "trusted_proxies": ["127.0.0.0/8"]}


@pytest.mark.parametrize("header, client_address", [
    (proxy_protocol.v1(), "192.0.2.1"),
    (proxy_protocol.v1("2001:db8::1", "2001:db8::2"), "2001:db8::1"),
    (b"PROXY UNKNOWN\r\n", "127.0.0.1"),
    (b"PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n", "127.0.0.1"),
    (proxy_protocol.v2(), "192.0.2.1"),
    (proxy_protocol.v2("2001:db8::1", "2001:db8::2"), "2001:db8::1"),
    (proxy_protocol.v2(extra=b"\x04\x00\x03abc"), "192.0.2.1"),
    (proxy_protocol.V2_LOCAL, "127.0.0.1"),
], ids=["v1", "v1 six", "v1 unknown", "v1 unknown with more", "v2", "v2 six", "v2 with a field", "v2 local"])
@pytest.mark.parametrize("pieces", ["whole", "bytes"])
def test_proxy_protocol_from_the_client(proxy, upstream, client, header, client_address, pieces):
    server = upstream()
    aya = proxy(server, listener=IN)
    one = client(aya)
    if pieces == "whole":
        one.send(header + b"GET /1 HTTP/1.1\r\nHost: aya.test\r\n\r\n")
    else:
        for byte in header:
            one.send(bytes([byte]))
            time.sleep(0.001)
        one.send(b"GET /1 HTTP/1.1\r\nHost: aya.test\r\n\r\n")
    assert one.response().status == 200
    assert server.requests[0].get("x-forwarded-for") == client_address
    assert one.get("/2").status == 200, "the header comes once a connection"
    assert aya.record(url__path="/1")["client.address"] == client_address


@pytest.mark.parametrize("header", [
    b"GET / HTTP/1.1\r\nHost: aya.test\r\n\r\n",
    b"PROXY TCP4 1.2.3.4 5.6.7.8 1 99999\r\n",
    b"PROXY TCP4 1.2.3.4\r\n",
    b"PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n",
    b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\n",
    b"PROXY TCP9 1.2.3.4 5.6.7.8 1 2\r\n",
    b"PROXY " + b"x" * 200,
    proxy_protocol.SIGNATURE + b"\x31\x11\x00\x0c" + bytes(12),
    proxy_protocol.SIGNATURE + b"\x21\x11\x00\x02" + bytes(2),
], ids=["none", "port", "short", "family", "line feed", "unknown family", "long", "v2 version", "v2 short"])
def test_bad_proxy_protocol(proxy, upstream, client, header):
    server = upstream()
    aya = proxy(server, listener=IN)
    one = client(aya)
    one.send(header + b"GET /1 HTTP/1.1\r\nHost: aya.test\r\n\r\n")
    answer = one.everything()
    assert not answer or answer.startswith(b"HTTP/1.1 400")
    assert not server.requests
    assert aya.records(1)[0]["aya.reason"] == "proxy_protocol_invalid"


def test_proxy_protocol_header_that_never_comes(proxy, upstream, client):
    one = client(proxy(upstream(), listener={**IN, "timeouts": {"header": "400ms"}}))
    one.send(b"PROXY TCP4 1.2")
    assert one.everything(5) is not None


def test_proxy_protocol_through_both_sides(tcp, relay, client):
    seen = []

    def reads_header(server, connection):
        stream = Stream(connection)
        seen.append(proxy_protocol.read(stream))
        connection.sendall(stream.exactly(5))

    aya = tcp(relay(reads_header), listener=IN, pool={"proxy_protocol": "v2"})
    one = client(aya)
    one.send(proxy_protocol.v1("203.0.113.5", "198.51.100.1", 5000, 5432) + b"hello")
    assert one.stream.exactly(5) == b"hello"
    assert seen[0][:3] == (2, "203.0.113.5", 5000)


def test_proxy_protocol_of_a_stranger_is_not_believed(proxy, upstream, client):
    """Only trusted proxies may name a client."""
    server = upstream()
    aya = proxy(server, listener={"proxy_protocol": True, "trusted_proxies": ["10.0.0.0/8"]})
    one = client(aya)
    one.send(proxy_protocol.v1() + b"GET /1 HTTP/1.1\r\nHost: aya.test\r\nConnection: close\r\n\r\n")
    one.everything(3)
    assert all(r.get("x-forwarded-for") != "192.0.2.1" for r in server.requests)


# TLS passed through by the name in its ClientHello

@pytest.fixture
def tls(tmp_path, relay):
    """A function that starts a TLS server which tells its name."""

    def start_tls(name):
        context = certificates.server_context(str(tmp_path), name)

        def serve(server, connection):
            with context.wrap_socket(connection, server_side=True) as wrapped:
                wrapped.sendall(name.encode() + b"\n")
                echo(server, wrapped)

        return relay(serve, name=name)

    return start_tls


def tls_name(port, name, **settings):
    context = certificates.client_context()
    with Client(port, timeout=5, wrap=lambda s: context.wrap_socket(s, server_hostname=name), **settings) as one:
        return one.stream.until(b"\n").decode()


def test_sni(tcp, tls):
    servers = {name: tls(name) for name in ("exact.test", "wild.test", "default.test")}
    aya = tcp(
        listener={"sni": {"a.example": "exact", "*.b.example": "wild"}, "pool": "default"},
        pools={name: {"servers": [servers[f"{name}.test"].address]} for name in ("exact", "wild", "default")})
    for name, expected in [
        ("a.example", "exact.test"), ("A.Example", "exact.test"), ("x.a.example", "default.test"),
        ("x.b.example", "wild.test"), ("x.y.b.example", "wild.test"), ("b.example", "default.test"),
        ("other.test", "default.test"),
    ]:
        assert tls_name(aya.port, name) == expected, name
    assert tls_name(aya.port, None) == "default.test", "without a name"


def test_sni_without_a_default(tcp, tls, client):
    server = tls("a.test")
    aya = tcp(listener={"sni": {"a.example": "main"}}, pools={"main": {"servers": [server.address]}})
    assert tls_name(aya.port, "a.example") == "a.test"
    with pytest.raises(OSError):
        tls_name(aya.port, "other.example")
    assert server.accepted == 1


def test_client_hello_in_single_bytes(tcp, tls, client):
    """A ClientHello may come in any pieces."""
    import ssl

    aya = tcp(listener={"sni": {"a.example": "main"}}, pools={"main": {"servers": [tls("a.test").address]}})
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = certificates.client_context().wrap_bio(incoming, outgoing, server_hostname="a.example")
    one = client(aya)
    while True:
        try:
            session.do_handshake()
            break
        except ssl.SSLWantReadError:
            for byte in outgoing.read():
                one.send(bytes([byte]))
                time.sleep(0.0005)
            incoming.write(one.socket.recv(65536))
    one.send(outgoing.read())
    while True:
        try:
            assert session.read(100) == b"a.test\n"
            break
        except ssl.SSLWantReadError:
            incoming.write(one.socket.recv(65536))


@pytest.mark.parametrize("data", [
    b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\xff\xff" + bytes(100), b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x03",
    b"\x00" * 1000, b"\x16\x03\x01\x40\x00\x01\xff\xff\xff" + b"\x03\x03" * 9000,
], ids=["http", "overlong record", "short hello", "zeros", "huge hello"])
def test_bad_client_hello(tcp, tls, client, data):
    server = tls("a.test")
    aya = tcp(
        listener={"sni": {"a.example": "main"}, "timeouts": {"idle": "1s"}},
        pools={"main": {"servers": [server.address]}})
    one = client(aya)
    one.send(data)
    assert one.everything(5) == b""
    assert server.accepted == 0
    assert aya.records(1)[0]["aya.reason"] in ("client_hello_invalid", "header_timeout", "no_route")
    assert tls_name(aya.port, "a.example") == "a.test"


def test_http_and_tcp_beside_each_other(start, upstream, relay, port, client):
    web, db = port(), port()
    start({
        "listeners": {
            "web": {"bind": f"127.0.0.1:{web}"}, "db": {"bind": f"127.0.0.1:{db}", "protocol": "tcp", "pool": "db"}},
        "routes": {"all": {"pool": "web"}},
        "pools": {"web": {"servers": [upstream().address]}, "db": {"servers": [relay(name_then_echo).address]}}})
    assert ask(web).status == 200
    assert client(db).stream.until(b"\n") == b"a"
