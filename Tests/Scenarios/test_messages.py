"""Framing, methods and targets of HTTP/1.1 through the proxy (RFC 9110, RFC 9112)."""

import hashlib
import time

import pytest
from support.client import ask, pattern
from support.upstream import answering


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "X-OWN"])
def test_methods_pass(proxy, upstream, method):
    answer = ask(proxy(upstream()).port, method, "/path?a=1&b=%20", body=b"x").json()
    assert (answer["method"], answer["target"], answer["body"]) == (method, "/path?a=1&b=%20", "x")


@pytest.mark.parametrize("size", [0, 1, 1000, 16384, 16385, 1_000_000])
def test_body_by_length(proxy, upstream, size):
    body = pattern(size)
    answer = ask(proxy(upstream()).port, "POST", body=body).json()
    assert (answer["size"], answer["digest"]) == (size, hashlib.sha256(body).hexdigest())


@pytest.mark.parametrize("sizes", [[1], [5, 6, 7], [65536] * 8, [1] * 200])
def test_chunked_request(proxy, upstream, client, sizes):
    body = pattern(sum(sizes))
    one = client(proxy(upstream()))
    one.send(b"POST / HTTP/1.1\r\nHost: aya.test\r\nTransfer-Encoding: chunked\r\n\r\n")
    at = 0
    for size in sizes:
        one.send(b"%x\r\n%s\r\n" % (size, body[at:at + size]))
        at += size
    one.send(b"0\r\n\r\n")
    answer = one.response().json()
    assert (answer["size"], answer["digest"]) == (len(body), hashlib.sha256(body).hexdigest())
    assert one.get("/next").json()["target"] == "/next"


def test_chunk_extensions_are_accepted(proxy, upstream, client):
    one = client(proxy(upstream()))
    one.send(b"POST / HTTP/1.1\r\nHost: aya.test\r\nTransfer-Encoding: chunked\r\n\r\n"
             b'3;name=value\r\nabc\r\n2;q="a b"\r\nde\r\n0;last\r\n\r\n')
    assert one.response().json()["body"] == "abcde"


def test_request_trailers_pass(proxy, upstream, client):
    one = client(proxy(upstream()))
    one.send(b"POST / HTTP/1.1\r\nHost: aya.test\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
             b"3\r\nabc\r\n0\r\nX-Sum: 900\r\n\r\n")
    answer = one.response().json()
    assert answer["body"] == "abc"
    assert [value for name, value in answer["trailers"] if name.lower() == "x-sum"] == ["900"]


def test_chunked_response_and_trailers_pass(proxy, upstream, client):
    server = upstream(answering(
        headers={"Transfer-Encoding": "chunked", "Trailer": "X-Sum"},
        body=b"5\r\nhello\r\n6\r\n world\r\n0\r\nX-Sum: 11\r\n\r\n"))
    one = client(proxy(server))
    for _ in range(2):
        response = one.get("/", {"TE": "trailers"})
        assert response.body == b"hello world"
        assert [value for name, value in response.trailers if name.lower() == "x-sum"] == ["11"]


@pytest.mark.parametrize("size", [0, 1, 16384, 3_000_000])
def test_response_body_by_length(proxy, upstream, size):
    body = pattern(size)
    response = ask(proxy(upstream(answering(body=body))).port)
    assert response.get("content-length") == str(size) and response.body == body


def test_chunks_arrive_when_sent(proxy, upstream, client):
    """Nothing waits for the end of a body: the first event of a stream comes at once."""

    def events(exchange):
        exchange.read_body()
        exchange.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nfirst\n\r\n")
        exchange.upstream.stopped.wait(2)
        exchange.send(b"0\r\n\r\n")

    one = client(proxy(upstream(events)))
    began = time.monotonic()
    one.send_request()
    one.stream.until(b"first\n")
    assert time.monotonic() - began < 1.5


@pytest.mark.parametrize("headers, body", [
    ({"Content-Length": "1000"}, b""),
    ({"Transfer-Encoding": "chunked"}, b""),
    ({}, b""),
])
def test_head_has_no_body(proxy, upstream, client, headers, body):
    def behave(exchange):
        exchange.read_body()
        if exchange.request.method == "HEAD":
            lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            exchange.send(f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode())
        else:
            exchange.respond(body=b"next")

    one = client(proxy(upstream(behave)))
    one.send_request("HEAD", "/")
    response = one.response("HEAD")
    assert response.status == 200
    if "Content-Length" in headers:
        assert response.get("content-length") == "1000"
    assert one.get().body == b"next"


@pytest.mark.parametrize("status", [204, 304])
@pytest.mark.parametrize("length", [None, "10"])
def test_no_body_by_status(proxy, upstream, client, status, length):
    """A 304 may tell the length that a 200 would have; a 204 must not have one, and no body follows either."""

    def behave(exchange):
        exchange.read_body()
        if exchange.request.target == "/":
            line = f"Content-Length: {length}\r\n" if length else ""
            exchange.send(f"HTTP/1.1 {status} Nothing\r\nETag: \"1\"\r\n{line}\r\n".encode())
        else:
            exchange.respond(body=b"next")

    one = client(proxy(upstream(behave)))
    response = one.get()
    assert response.status == status and response.get("etag") == '"1"'
    assert one.get("/next").body == b"next"


def test_expect_continue(proxy, upstream, client):
    """The body is asked for, by the server's 100 or by Aya's own, and arrives."""

    def behave(exchange):
        exchange.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        exchange.read_body()
        exchange.respond(body=exchange.request.body)

    one = client(proxy(upstream(behave)))
    one.send(b"PUT / HTTP/1.1\r\nHost: aya.test\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
    assert one.stream.until(b"\r\n\r\n").startswith(b"HTTP/1.1 100 ")
    one.send(b"hello")
    response = one.response()
    assert response.status == 200 and response.body == b"hello"
    assert not response.informational, "one 100 is enough"
    assert one.get("/next").status == 200


def test_expect_continue_refused(proxy, upstream, client):
    """A final answer instead of 100: the body is not sent; the connection must not be taken for in order."""

    def refuse(exchange):
        exchange.respond(417, {"Connection": "close"}, b"no", "Expectation Failed")
        exchange.close()

    one = client(proxy(upstream(refuse)))
    one.send(b"PUT / HTTP/1.1\r\nHost: aya.test\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
    response = one.response()
    statuses = [i.status for i in response.informational]
    assert response.status == 417 and response.body == b"no"
    if statuses:
        assert statuses == [100]


def test_expectation_from_http_1_0_is_ignored(proxy, upstream, client):
    one = client(proxy(upstream()))
    one.send(b"POST / HTTP/1.0\r\nHost: aya.test\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello")
    response = one.response()
    assert response.status == 200 and not response.informational


def test_early_hints_pass(proxy, upstream, client):
    def behave(exchange):
        exchange.read_body()
        exchange.send(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n")
        exchange.respond(body=b"done")

    one = client(proxy(upstream(behave)))
    for _ in range(2):
        response = one.get()
        assert response.body == b"done"
        assert [i.status for i in response.informational] == [103]
        assert response.informational[0].get("link") == "</a.css>; rel=preload"


def test_informational_answers_do_not_go_to_http_1_0(proxy, upstream, client):
    def behave(exchange):
        exchange.read_body()
        exchange.send(b"HTTP/1.1 103 Early Hints\r\n\r\n")
        exchange.respond(body=b"done")

    one = client(proxy(upstream(behave)))
    one.send(b"GET / HTTP/1.0\r\nHost: aya.test\r\n\r\n")
    response = one.response()
    assert response.status == 200 and not response.informational


def test_early_answer_while_the_body_is_coming(proxy, upstream, client):
    """The server answers without reading; the client gets the answer although it is still sending."""

    def refuse(exchange):
        exchange.respond(403, {"Connection": "close"}, b"no", "Forbidden")
        time.sleep(0.2)
        exchange.close()

    one = client(proxy(upstream(refuse)))
    one.send(b"POST / HTTP/1.1\r\nHost: aya.test\r\nContent-Length: 100000000\r\n\r\n" + b"x" * 100000)
    response = one.response()
    assert response.status == 403 and response.body == b"no"


def test_absolute_form(proxy, upstream, client):
    """RFC 9112 section 3.2.2: the target's authority wins over Host; the server gets origin form."""
    server = upstream()
    one = client(proxy(server))
    one.send(b"GET http://other.test:8080/p?q=1 HTTP/1.1\r\nHost: aya.test\r\n\r\n")
    answer = one.response().json()
    assert answer["target"] == "/p?q=1"
    assert [v for n, v in answer["headers"] if n.lower() == "host"] == ["other.test:8080"]


def test_absolute_form_without_a_path(proxy, upstream, client):
    one = client(proxy(upstream()))
    one.send(b"GET http://other.test HTTP/1.1\r\nHost: other.test\r\n\r\n")
    assert one.response().json()["target"] == "/"


def test_options_asterisk(proxy, upstream, client):
    one = client(proxy(upstream()))
    one.send(b"OPTIONS * HTTP/1.1\r\nHost: aya.test\r\n\r\n")
    response = one.response()
    assert response.status in (200, 204)
    if response.body:
        assert response.json()["target"] == "*"


def test_asterisk_is_for_options_only(proxy, upstream, client):
    server = upstream()
    one = client(proxy(server))
    one.send(b"GET * HTTP/1.1\r\nHost: aya.test\r\n\r\n")
    assert one.response().status == 400
    assert not server.requests


def test_connect_is_refused(proxy, upstream, client):
    server = upstream()
    aya = proxy(server)
    one = client(aya)
    one.send(b"CONNECT other.test:443 HTTP/1.1\r\nHost: other.test:443\r\n\r\n")
    response = one.response()
    assert response.status in (405, 501)
    assert response.problem["code"] == "method_not_supported"
    assert one.ends() and not server.requests


def test_obsolete_text_in_values_passes(proxy, upstream, client):
    """Bytes from 0x80 are allowed in values (obs-text) and are passed as they are."""
    server = upstream()
    one = client(proxy(server))
    one.send(b"GET / HTTP/1.1\r\nHost: aya.test\r\nX-Name: caf\xc3\xa9 \xff\r\n\r\n")
    answer = one.response().json()
    assert [v for n, v in answer["headers"] if n.lower() == "x-name"] == ["caf\u00c3\u00a9 \u00ff"]


def test_repeated_fields_keep_their_order(proxy, upstream, client):
    server = upstream(answering(headers=[("Set-Cookie", "a=1"), ("X-A", "1"), ("Set-Cookie", "b=2"), ("X-A", "2")]))
    one = client(proxy(server))
    response = one.get("/", [("X-B", "1"), ("Cookie", "c=1"), ("X-B", "2")])
    assert response.all("set-cookie") == ["a=1", "b=2"] and response.all("x-a") == ["1", "2"]
    assert server.requests[0].all("x-b") == ["1", "2"]


def test_empty_value_and_surrounding_space(proxy, upstream, client):
    server = upstream()
    one = client(proxy(server))
    one.send(b"GET / HTTP/1.1\r\nHost: aya.test\r\nX-Empty:\r\nX-Space: \t in the middle \t\r\n\r\n")
    assert one.response().status == 200
    assert server.requests[0].get("x-empty") == ""
    assert server.requests[0].get("x-space") == "in the middle"


@pytest.mark.parametrize("reason", ["", " ", " Not\tQuite \xe9"])
def test_reason_phrases(proxy, upstream, client, reason):
    def behave(exchange):
        exchange.read_body()
        exchange.send(f"HTTP/1.1 299{reason}\r\nContent-Length: 2\r\n\r\nok".encode("latin-1"))

    response = client(proxy(upstream(behave))).get()
    assert response.status == 299 and response.body == b"ok"


def test_response_head_in_pieces(proxy, upstream, client):
    def behave(exchange):
        exchange.read_body()
        for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello":
            exchange.send(bytes([byte]))
            time.sleep(0.001)

    response = client(proxy(upstream(behave))).get()
    assert response.body == b"hello" and response.get("x-a") == "b"


def test_upstream_request_is_well_formed(proxy, upstream, client):
    """The server sees one Host, one framing and no leftover of the client's connection."""
    server = upstream()
    one = client(proxy(server))
    one.send_request("POST", "/", [("X-1", "1")], body=b"abc")
    assert one.response().status == 200
    seen = server.requests[0]
    assert seen.version == "HTTP/1.1" and seen.all("host") == ["aya.test"]
    assert seen.all("content-length") == ["3"] and not seen.all("transfer-encoding")
