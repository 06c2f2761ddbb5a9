"""HTTP/2 towards servers: translation both ways, streams that share connections, servers that refuse or leave."""

import hashlib
import json
import socket
import ssl
import threading
import time

import h2.settings
import pytest
from support import certificates
from support.aya import run, wait_until
from support.client import Client, ask, pattern
from support.http2 import Client2, Response
from support.upstream2 import Upstream2

H2 = {"protocol": "h2"}


@pytest.fixture
def upstream2():
    started = []

    def start(*arguments, **settings):
        started.append(Upstream2(*arguments, **settings))
        return started[-1]

    yield start
    for server in started:
        server.stop()
    problems = [problem for server in started for problem in server.errors]
    assert not problems, f"a server met {problems!r}"


@pytest.fixture
def client2():
    opened = []

    def connect(aya, **settings):
        opened.append(Client2(aya.port, **settings))
        return opened[-1]

    yield connect
    for one in opened:
        one.close()


def together(aya, count, path="/{}", timeout=10):
    """So many requests of HTTP/1.1 at once; their responses."""
    responses = [None] * count

    def one(index):
        responses[index] = ask(aya.port, target=path.format(index), timeout=timeout)

    threads = [threading.Thread(target=one, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return responses


def test_http1_to_http2(proxy, upstream2, client):
    server = upstream2()
    aya = proxy(server, pool=H2)
    one = client(aya)
    for _ in range(3):
        response = one.get("/a?b=c", headers=[("X-Y", "Z"), ("Cookie", "a=1; b=2"), ("Connection", "x-hop"),
                                              ("X-Hop", "1")])
        assert response.status == 200
        seen = response.json()
        headers = dict(seen["headers"])
        assert headers[":method"] == "GET" and headers[":path"] == "/a?b=c" and headers[":scheme"] == "http"
        assert headers[":authority"] == "aya.test"
        assert headers["x-y"] == "Z" and headers["cookie"] == "a=1; b=2" and headers["via"] == "1.1 aya"
        assert not {"connection", "x-hop", "host", "transfer-encoding", "te", "keep-alive"} & set(headers)
    assert server.accepted == 1
    assert aya.server(server.address)["connections_open"] == 1


def test_http2_to_http2(proxy, upstream2, client2):
    server = upstream2()
    aya = proxy(server, pool=H2)
    one = client2(aya)
    streams = [one.request(path=f"/{index}", headers=[("te", "trailers")]) for index in range(60)]
    for index, stream in enumerate(streams):
        seen = json.loads(one.response(stream).body)
        assert seen["target"] == f"/{index}"
        assert ["te", "trailers"] in seen["headers"]
    assert server.accepted == 1


@pytest.mark.parametrize("size", [0, 1, 70_000, 3_000_000])
@pytest.mark.parametrize("length", [True, False])
def test_bodies_both_ways(proxy, upstream2, client2, client, size, length):
    def mirror(exchange):
        body = exchange.read_body()
        exchange.respond(headers=[("content-length", str(len(body)))] if length else [], body=body)

    aya = proxy(upstream2(mirror), pool=H2)
    body = pattern(size)
    headers = [("content-length", str(size))] if length else []
    response = client2(aya).ask("POST", body=body, headers=headers)
    assert response.status == 200 and response.body == body
    one = client(aya)
    for _ in range(2):
        assert one.request("POST", "/", body=body).body == body


def test_trailers_and_interim(proxy, upstream2, client2):
    def behave(exchange):
        exchange.head(103, [("link", "</a>")])
        exchange.read_body()
        exchange.respond(headers=[("x", "y")], body=b"abc", trailers=[("grpc-status", "0")])

    server = upstream2(behave)
    one = client2(proxy(server, pool=H2))
    response = one.ask("POST", body=b"hello", trailers=[("x-sum", "1")])
    assert response.body == b"abc" and response.trailers == [("grpc-status", "0")]
    assert len(response.interim) == 1
    assert server.requests[0].trailers == [("x-sum", "1")]


def test_head_204_304(proxy, upstream2, client):
    def behave(exchange):
        status = int(exchange.header(":path")[1:])
        exchange.respond(status, [("content-length", "10")] if exchange.header(":method") == "HEAD" else [])

    one = client(proxy(upstream2(behave), pool=H2))
    assert one.request("HEAD", "/200").get("content-length") == "10"
    for status in (204, 304, 200):
        response = one.get(f"/{status}")
        assert response.status == status and response.body == b""


def test_answers_of_any_order(proxy, upstream2, client2):
    """A slow stream does not hold up others on its connection."""
    gate = threading.Event()

    def behave(exchange):
        if exchange.header(":path") == "/slow":
            gate.wait(10)
        exchange.respond(body=exchange.header(":path").encode())

    server = upstream2(behave)
    one = client2(proxy(server, pool=H2))
    slow = one.request(path="/slow")
    for index in range(20):
        assert one.ask(path=f"/{index}").body == f"/{index}".encode()
    gate.set()
    assert one.response(slow).body == b"/slow"
    assert server.accepted == 1


def test_slow_clients_do_not_hold_up_others(proxy, upstream2, client2):
    """Clients that take nothing fill their own streams' windows and not the connection's."""
    body = pattern(2_000_000)
    server = upstream2(lambda exchange: exchange.respond(body=body if exchange.header(":path") == "/big" else b"ok"))
    aya = proxy(server, pool=H2)
    lazy = [client2(aya) for _ in range(12)]
    for one in lazy:
        one.consume = False
        one.request(path="/big")
    time.sleep(0.5)
    for _ in range(5):
        assert client2(aya).ask().body == b"ok"
    assert server.accepted == 1


def test_uploads_wait_for_the_server(proxy, upstream2):
    """Backpressure: what the server does not take is not read from the client."""
    gate = threading.Event()

    def behave(exchange):
        gate.wait(10)
        body = exchange.read_body()
        exchange.respond(body=hashlib.sha256(body).hexdigest().encode())

    server = upstream2(behave, consume=False)
    aya = proxy(server, pool=H2)
    body = pattern(8_000_000)
    one = socket.create_connection(("127.0.0.1", aya.port), timeout=10)
    one.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(body))
    one.settimeout(1.0)
    sent = 0
    try:
        while sent < len(body):
            sent += one.send(body[sent:sent + 65536])
    except TimeoutError:
        pass
    assert sent < 7_000_000
    link = server.links[0]
    server.consume = True
    with link.lock:
        link.h2.acknowledge_received_data(65535, 1)
        link.flush()
    gate.set()
    one.settimeout(10)
    one.sendall(body[sent:])
    answer = b""
    while hashlib.sha256(body).hexdigest().encode() not in answer:
        data = one.recv(65536)
        assert data
        answer += data
    one.close()


def test_streams_per_connection(proxy, upstream2):
    gate = threading.Event()

    def behave(exchange):
        gate.wait(10)
        exchange.respond(body=b"x")

    server = upstream2(behave)
    aya = proxy(server, pool={**H2, "streams_per_connection": 4})
    threading.Timer(1.0, gate.set).start()
    assert all(response.status == 200 for response in together(aya, 12))
    assert server.accepted == 3
    assert max(link.most for link in server.links) == 4


@pytest.mark.parametrize("known", [True, False])
def test_servers_own_limit(proxy, upstream2, known):
    """SETTINGS_MAX_CONCURRENT_STREAMS is kept, by other connections if need be."""
    gate = threading.Event()

    def behave(exchange):
        if exchange.header(":path") != "/first":
            gate.wait(10)
        exchange.respond(body=b"x")

    server = upstream2(behave, settings={h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS: 3})
    aya = proxy(server, pool=H2)
    if known:
        assert ask(aya.port, target="/first").status == 200
    threading.Timer(1.0, gate.set).start()
    assert [response.status for response in together(aya, 9)] == [200] * 9
    assert max(link.most for link in server.links) <= 3
    assert aya.metric("aya_server_connect_failures_total", server=server.address) == 0


def test_refused_streams_are_tried_again(proxy, upstream2, client):
    """A POST too: the server has not touched it (RFC 9113 section 8.7)."""
    refusals = []

    def behave(exchange):
        if exchange.header(":path") == "/refused" and len(refusals) < 1:
            refusals.append(exchange.stream)
            return exchange.reset(7)
        exchange.respond(body=exchange.read_body())

    server = upstream2(behave)
    aya = proxy(server, pool=H2)
    one = client(aya)
    assert one.get("/").status == 200
    response = one.request("POST", "/refused", body=b"once")
    assert (response.status, response.body) == (200, b"once")
    assert refusals


@pytest.mark.parametrize("size, again", [(20_000, True), (200_000, False)])
def test_refused_bodies_in_pieces(proxy, upstream2, size, again):
    """What of a short body went to the server that refused it goes to the next; a long one is not kept."""
    def behave(exchange):
        if len(exchange.upstream.requests) == 2:
            while (piece := exchange.read()) is not None and len(piece) < size // 2:
                size_seen.append(len(piece))
                if sum(size_seen) >= size // 2:
                    break
            return exchange.reset(7)
        exchange.respond(body=hashlib.sha256(exchange.read_body()).hexdigest().encode())

    size_seen = []
    server = upstream2(behave)
    aya = proxy(server, pool=H2)
    with Client(aya.port) as one:
        assert one.get("/").status == 200
    body = pattern(size)
    one = socket.create_connection(("127.0.0.1", aya.port), timeout=10)
    one.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    for start in (0, size // 2):
        part = body[start:start + size // 2]
        time.sleep(0.2)
        one.sendall(b"%x\r\n%s\r\n" % (len(part), part))
    one.sendall(b"0\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    answer = b""
    while (data := one.recv(65536)):
        answer += data
    one.close()
    if again:
        assert answer.startswith(b"HTTP/1.1 200") and hashlib.sha256(body).hexdigest().encode() in answer
        assert answer.count(b"HTTP/1.1 200") == 2
    else:
        assert answer.startswith(b"HTTP/1.1 503") and b"upstream_refused" in answer


def test_goaway_moves_what_was_not_begun(proxy, upstream2, client2):
    left = []

    def behave(exchange):
        if exchange.header(":path") == "/leave" and not left:
            left.append(exchange.stream)
            # The one before is the last that is served.
            data = (8).to_bytes(3, "big") + bytes([7, 0]) + bytes(4) + (exchange.stream - 2).to_bytes(4, "big") + bytes(4)
            exchange.link.socket.sendall(data)
            return
        if exchange.header(":path") == "/slow":
            time.sleep(0.5)
        exchange.respond(body=exchange.read_body() + b"done")

    server = upstream2(behave)
    aya = proxy(server, pool=H2)
    one = client2(aya)
    assert one.ask().status == 200
    slow = one.request(path="/slow")
    time.sleep(0.1)
    moved = one.request("POST", path="/leave", body=b"x", headers=[("content-length", "1")])
    assert one.response(moved).body == b"xdone"
    assert one.response(slow).body == b"done"
    assert server.accepted == 2
    wait_until(lambda: aya.server(server.address)["connections_open"] == 1, what="the old connection is closed")


def test_reset_is_a_failure(proxy, upstream2, client):
    def behave(exchange):
        exchange.read_body()
        if exchange.header(":path") == "/late":
            exchange.head(200, [("content-length", "10")])
            exchange.send(b"abc")
        exchange.reset(2)

    aya = proxy(upstream2(behave), pool={**H2, "retry": "off"})
    one = client(aya)
    response = one.request("POST", "/", body=b"x")
    assert response.status == 502 and response.json()["code"] == "upstream_reset"
    assert client(aya).get("/late").truncated
    assert aya.record(url__path="/late")["aya.reason"] == "upstream_reset"


@pytest.mark.parametrize("headers", [[("Bad", "x")], [("connection", "close")], [("a", "b\r\nc: d")],
                                     [("content-length", "5"), ("content-length", "6")]])
def test_bad_heads_of_servers(proxy, upstream2, client, headers):
    def behave(exchange):
        link = exchange.link
        with link.lock:
            block = link.h2.encoder.encode([(":status", "200"), *headers])
            length = len(block).to_bytes(3, "big")
            link.socket.sendall(length + bytes([1, 5]) + exchange.stream.to_bytes(4, "big") + block)

    aya = proxy(upstream2(behave), pool={**H2, "retry": "off"})
    response = client(aya).get("/")
    assert response.status == 502 and response.json()["code"] == "upstream_invalid"


def test_abandoned_requests_are_cancelled(proxy, upstream2):
    gate = threading.Event()

    def behave(exchange):
        gate.wait(10)

    server = upstream2(behave)
    aya = proxy(server, pool=H2)
    one = socket.create_connection(("127.0.0.1", aya.port))
    one.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    wait_until(lambda: server.requests)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    one.close()
    wait_until(lambda: server.requests[0].reset_code == 8, what="the stream is cancelled")
    gate.set()


def test_silent_servers_are_asked(proxy, upstream2, client):
    """A stream that timed out with nothing heard of its connection: a PING tells whether anybody is there."""
    server = upstream2(lambda exchange: exchange.respond() if exchange.header(":path") == "/" else time.sleep(3))
    aya = proxy(server, pool={**H2, "timeouts": {"response": "300ms"}, "retry": "off"})
    one = client(aya)
    assert one.get("/").status == 200
    time.sleep(0.1)
    assert one.get("/slow").status == 504
    wait_until(lambda: server.links[0].pings == 1, what="a PING")


def test_idle_connections_end(proxy, upstream2, client):
    server = upstream2()
    aya = proxy(server, pool={**H2, "timeouts": {"idle": "300ms"}})
    assert client(aya).get("/").status == 200
    wait_until(lambda: server.goaways == [0], what="a GOAWAY")
    wait_until(lambda: aya.server(server.address)["connections_open"] == 0)
    assert client(aya).get("/").status == 200
    assert server.accepted == 2


def test_connections_that_fail(proxy, port, client):
    aya = proxy(f"127.0.0.1:{port()}", pool=H2)
    responses = together(aya, 5)
    assert all(r.status == 502 and r.json()["code"] == "connect_refused" for r in responses)


def test_servers_that_do_not_speak_it(proxy, relay, client):
    def answer(server, connection):
        connection.recv(1000)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")

    aya = proxy(relay(answer), pool={**H2, "retry": "off"})
    response = client(aya).get("/")
    assert response.status == 502 and response.json()["code"] == "upstream_invalid"


# TLS


def context(authority, protocols):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(*authority.issue("api.internal", "api.internal", "IP:127.0.0.1"))
    if protocols:
        made.set_alpn_protocols(protocols)
    return made


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return certificates.Authority(tmp_path_factory.mktemp("authority"))


@pytest.mark.parametrize("protocol", ["h2", "auto"])
def test_alpn(proxy, upstream2, client, authority, protocol):
    server = upstream2(context=context(authority, ["h2", "http/1.1"]))
    aya = proxy(server, pool={"protocol": protocol, "tls": {"verify": authority.certificate}})
    one = client(aya)
    for _ in range(5):
        assert dict(one.get("/").json()["headers"])[":scheme"] == "https"
    assert all(response.status == 200 for response in together(aya, 10))
    assert server.accepted == 1


@pytest.mark.parametrize("protocols", [["http/1.1"], None])
def test_auto_falls_back(proxy, upstream, client, authority, protocols):
    server = upstream(context=context(authority, protocols))
    aya = proxy(server, pool={"protocol": "auto", "tls": {"verify": authority.certificate}})
    one = client(aya)
    for _ in range(5):
        assert one.get("/").json()["version"] == "HTTP/1.1"
    assert server.accepted == 1


def test_h2_insists(proxy, upstream, client, authority):
    server = upstream(context=context(authority, ["http/1.1"]))
    aya = proxy(server, pool={"protocol": "h2", "tls": {"verify": authority.certificate}})
    response = client(aya).get("/")
    assert response.status == 502 and response.json()["code"] == "tls_handshake_failed"


def test_validation(tmp_path):
    path = tmp_path / "aya.yaml"
    path.write_text("listeners: { web: { bind: ':8080' } }\n"
                    "pools: { web: { servers: [127.0.0.1:1], protocol: auto } }\n")
    result = run("validate", "-c", str(path))
    assert result.returncode == 3 and "agreed on with TLS" in result.stdout + result.stderr


# WebSocket: an upgrade at one end, an extended CONNECT at the other, or the same at both


def websocket_echo(exchange):
    assert exchange.header(":method") == "CONNECT" and exchange.header(":protocol") == "websocket"
    assert exchange.header("sec-websocket-key") is None
    exchange.head(200)
    while (piece := exchange.read()) is not None:
        exchange.send(piece)
    exchange.end()


CONNECT = {h2.settings.SettingCodes.ENABLE_CONNECT_PROTOCOL: 1}


def test_websocket_from_http1(proxy, upstream2):
    server = upstream2(websocket_echo, settings=CONNECT)
    aya = proxy(server, pool=H2)
    for _ in range(2):
        one = socket.create_connection(("127.0.0.1", aya.port), timeout=5)
        one.sendall(b"GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        head = b""
        while b"\r\n\r\n" not in head:
            head += one.recv(1000)
        assert head.startswith(b"HTTP/1.1 101 ")
        assert b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in head
        for word in (b"hello", b"x" * 5000):
            one.sendall(word)
            echoed = b""
            while len(echoed) < len(word):
                echoed += one.recv(65536)
            assert echoed == word
        one.shutdown(socket.SHUT_WR)
        assert one.recv(100) == b""
        one.close()
    assert server.accepted == 1


def test_websocket_without_support(proxy, upstream2, client):
    aya = proxy(upstream2(), pool=H2)
    response = client(aya).get("/", headers=[("Connection", "Upgrade"), ("Upgrade", "websocket"),
                                             ("Sec-WebSocket-Version", "13"),
                                             ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")])
    assert response.status == 502 and response.json()["code"] == "upstream_invalid"


def test_websocket_from_http2(proxy, upstream2, client2):
    aya = proxy(upstream2(websocket_echo, settings=CONNECT), pool=H2)
    one = client2(aya)
    one.read_until(lambda: 8 in one.settings)
    stream = one.h2.get_next_available_stream_id()
    one.responses[stream] = Response()
    one.h2.send_headers(stream, [(":method", "CONNECT"), (":scheme", "http"), (":authority", "a"), (":path", "/chat"),
                                 (":protocol", "websocket"), ("sec-websocket-version", "13")])
    one.flush()
    response = one.responses[stream]
    one.read_until(lambda: response.status == 200)
    one.send(stream, b"hello")
    one.read_until(lambda: response.body == b"hello")
    assert response.header("sec-websocket-accept") is None
    one.send(stream, b"", end=True)
    one.read_until(lambda: response.ended)


def test_tunnels_end_with_their_last_bytes(proxy, upstream2, client2):
    """END_STREAM on DATA that has a payload, as browsers close WebSockets; by the client, then by the server."""
    def answer(exchange):
        exchange.head(200)
        body = exchange.read_body()
        exchange.send(body + b"!", end=True)

    aya = proxy(upstream2(answer, settings=CONNECT), pool=H2)
    one = client2(aya)
    one.read_until(lambda: 8 in one.settings)
    stream = one.h2.get_next_available_stream_id()
    one.responses[stream] = Response()
    one.h2.send_headers(stream, [(":method", "CONNECT"), (":scheme", "http"), (":authority", "a"), (":path", "/chat"),
                                 (":protocol", "websocket"), ("sec-websocket-version", "13")])
    one.flush()
    one.read_until(lambda: one.responses[stream].status == 200)
    one.send(stream, b"last words", end=True)
    response = one.response(stream)
    assert response.body == b"last words!" and response.ended
    assert aya.record(url__path="/chat")["aya.reason"] == "ok"


# Another configuration


def test_reload(start, port, upstream2):
    """Shared connections stay where their server does; those of a server that leaves end with what runs on them."""
    gate = threading.Event()

    def behave(exchange):
        if exchange.header(":path") == "/slow":
            gate.wait(10)
        exchange.respond(body=b"x")

    first, second = upstream2(behave, name="a"), upstream2(behave, name="b")
    listening = port()

    def configuration(*servers, **pool):
        return {"listeners": {"web": {"bind": f"127.0.0.1:{listening}"}}, "admin": {"bind": f"127.0.0.1:{admin}"},
                "pools": {"main": {"servers": [server.address for server in servers], "balance": "round_robin",
                                   **H2, **pool}}}

    admin = port()
    aya = start(configuration(first, second))
    aya.admin = admin
    aya.wait_ready()

    def reload(*servers, **pool):
        aya.write(configuration(*servers, **pool))
        done = run("reload", "--admin", f"127.0.0.1:{admin}")
        assert done.returncode == 0, done.stdout + done.stderr

    for _ in range(4):
        assert ask(listening).status == 200
    assert (first.accepted, second.accepted) == (1, 1)
    slow = threading.Thread(target=lambda: results.append(ask(listening, target="/slow", timeout=10).status))
    results = []
    slow.start()
    wait_until(lambda: any(e.header(":path") == "/slow" for e in first.requests + second.requests))
    holder, other = (first, second) if any(e.header(":path") == "/slow" for e in first.requests) else (second, first)
    reload(other, streams_per_connection=7)
    for _ in range(4):
        assert ask(listening).status == 200
    assert other.accepted == 1
    assert holder.goaways == []
    gate.set()
    slow.join()
    assert results == [200]
    wait_until(lambda: not holder.open, what="the connection to the server that left is closed")
    assert ask(listening).status == 200
