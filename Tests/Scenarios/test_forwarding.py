"""What Aya tells servers about the client, and what it keeps to itself."""

import re

import pytest
from support.client import ask
from support.upstream import answering

TRUSTING = {"trusted_proxies": ["127.0.0.0/8"]}


def seen_by(server, **arguments):
    assert ask(**arguments).status == 200
    return server.requests[-1]


def test_forwarded_for_a_client_that_is_not_trusted(proxy, upstream):
    """What a stranger claims is replaced, not passed on."""
    server = upstream()
    aya = proxy(server)
    seen = seen_by(server, address=aya.port, host="shop.example:81", headers={
        "X-Forwarded-For": "1.2.3.4", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.test",
        "X-Forwarded-Port": "1"})
    assert seen.get("x-forwarded-for") == "127.0.0.1"
    assert seen.get("x-forwarded-proto") == "http"
    assert seen.get("x-forwarded-host") == "shop.example:81"
    assert seen.get("x-forwarded-port") == str(aya.port)


def test_forwarded_for_a_trusted_proxy(proxy, upstream):
    server = upstream()
    aya = proxy(server, listener=TRUSTING)
    seen = seen_by(server, address=aya.port, headers={
        "X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "shop.example",
        "X-Forwarded-Port": "443"})
    assert re.split(r",\s*", ",".join(seen.all("x-forwarded-for"))) == ["192.0.2.7", "127.0.0.1"]
    assert seen.get("x-forwarded-proto") == "https"
    assert seen.get("x-forwarded-host") == "shop.example"
    assert seen.get("x-forwarded-port") == "443"


def test_forwarded_for_a_trusted_proxy_that_says_nothing(proxy, upstream):
    server = upstream()
    aya = proxy(server, listener=TRUSTING)
    seen = seen_by(server, address=aya.port, host="shop.example")
    assert seen.get("x-forwarded-for") == "127.0.0.1"
    assert seen.get("x-forwarded-proto") == "http"
    assert seen.get("x-forwarded-host") == "shop.example"


def test_client_address_in_the_log(proxy, upstream):
    aya = proxy(upstream(), listener=TRUSTING)
    assert ask(aya.port, target="/a", headers={"X-Forwarded-For": "198.51.100.9, 192.0.2.7"}).status == 200
    assert aya.record(url__path="/a")["client.address"] == "192.0.2.7", "the last address that is not trusted"


def test_client_address_of_a_stranger_in_the_log(proxy, upstream):
    aya = proxy(upstream())
    assert ask(aya.port, target="/a", headers={"X-Forwarded-For": "192.0.2.7"}).status == 200
    assert aya.record(url__path="/a")["client.address"] == "127.0.0.1"


def test_via(proxy, upstream):
    server = upstream()
    aya = proxy(server)
    assert seen_by(server, address=aya.port).get("via") == "1.1 aya"
    seen = seen_by(server, address=aya.port, headers={"Via": "1.0 fred"})
    assert re.split(r",\s*", ",".join(seen.all("via"))) == ["1.0 fred", "1.1 aya"]


def test_request_id_is_made_and_returned(proxy, upstream):
    server = upstream()
    aya = proxy(server)
    ids = set()
    for _ in range(3):
        response = ask(aya.port, target="/id")
        assert re.fullmatch("[0-9a-f]{32}", response.get("x-request-id"))
        assert server.requests[-1].get("x-request-id") == response.get("x-request-id")
        ids.add(response.get("x-request-id"))
    assert len(ids) == 3
    assert aya.records(3)[-1]["aya.request_id"] in ids


def test_request_id_of_a_stranger_is_replaced(proxy, upstream):
    server = upstream()
    response = ask(proxy(server).port, headers={"X-Request-Id": "mine"})
    assert re.fullmatch("[0-9a-f]{32}", response.get("x-request-id"))
    assert server.requests[-1].get("x-request-id") == response.get("x-request-id")


def test_request_id_of_a_trusted_proxy_is_kept(proxy, upstream):
    server = upstream()
    aya = proxy(server, listener=TRUSTING)
    response = ask(aya.port, target="/kept", headers={"X-Request-Id": "edge-17"})
    assert response.get("x-request-id") == "edge-17"
    assert server.requests[-1].get("x-request-id") == "edge-17"
    assert aya.record(url__path="/kept")["aya.request_id"] == "edge-17"


def test_hop_by_hop_fields_of_the_request_are_removed(proxy, upstream, client):
    """RFC 9110 section 7.6.1: what Connection names, and the fields that are always of one hop."""
    server = upstream()
    one = client(proxy(server))
    response = one.get("/", [
        ("Connection", "keep-alive, X-Private , x-other"), ("X-Private", "1"), ("X-Other", "2"), ("X-Public", "3"),
        ("Keep-Alive", "timeout=5"), ("Proxy-Connection", "keep-alive"), ("TE", "gzip, trailers"),
        ("Proxy-Authorization", "Basic eA==")])
    assert response.status == 200
    seen = server.requests[0]
    for name in ("x-private", "x-other", "keep-alive", "proxy-connection", "upgrade"):
        assert not seen.all(name), name
    assert seen.get("x-public") == "3"
    assert (seen.get("te") or "trailers").lower() == "trailers", "other codings are of this hop"


def test_connection_can_not_remove_what_routes_and_frames(proxy, upstream, client):
    """`Connection: host` or `content-length` must not make Aya drop those."""
    server = upstream()
    one = client(proxy(server))
    one.send_request("POST", "/", [("Connection", "host, content-length, x-forwarded-for, x-request-id")], body=b"abc")
    response = one.response()
    if response.status != 400:
        assert response.json()["body"] == "abc"
        seen = server.requests[0]
        assert seen.get("host") == "aya.test" and seen.get("x-forwarded-for") == "127.0.0.1"
        assert seen.get("x-request-id")


ODD_FIELDS = (
    b"A-One: 1\r\nA-Two: 2\r\nB-None:x\r\nB-Tab:\tx\r\nB-Many:   x\r\nB-Behind: x \t\r\nA-Three: 3  3\r\n"
    b"B-Empty:\r\nA-Empty: \r\nKeep-Alive: timeout=5\r\nA-Four: 4\r\n")
PLAIN_FIELDS = (
    b"A-One: 1\r\nA-Two: 2\r\nB-None: x\r\nB-Tab: x\r\nB-Many: x\r\nB-Behind: x\r\nA-Three: 3  3\r\n"
    b"B-Empty: \r\nA-Empty: \r\nA-Four: 4\r\n")


def test_white_space_around_values_is_not_passed_on(proxy, upstream, client):
    """RFC 9110 section 5.5: it is no part of the value. All else of a field line stays as it is."""
    heads = []

    def odd(exchange):
        heads.append(exchange.request.head)
        exchange.send(b"HTTP/1.1 200 OK\r\n" + ODD_FIELDS + b"Content-Length: 0\r\n\r\n")

    one = client(proxy(upstream(odd)))
    one.send(b"GET / HTTP/1.1\r\n" + ODD_FIELDS + b"Host: aya.test\r\nA-Last: 5\r\n\r\n")
    answer = one.stream.until(b"\r\n\r\n") + b"\r\n"
    assert PLAIN_FIELDS + b"Content-Length: 0\r\n" in answer
    assert PLAIN_FIELDS + b"A-Last: 5\r\n" in heads[0] + b"\r\n"
    assert b"Keep-Alive" not in answer + heads[0]


def test_hop_by_hop_fields_of_the_response_are_removed(proxy, upstream, client):
    server = upstream(answering(headers=[
        ("Connection", "keep-alive, X-Private"), ("X-Private", "1"), ("Keep-Alive", "timeout=5"),
        ("Proxy-Connection", "keep-alive"), ("X-Public", "3")]))
    response = client(proxy(server)).get()
    for name in ("x-private", "keep-alive", "proxy-connection"):
        assert not response.all(name), name
    assert response.get("x-public") == "3"


def test_response_carries_no_via_and_one_request_id(proxy, upstream):
    response = ask(proxy(upstream(answering(headers={"X-Request-Id": "servers-own"}))).port)
    assert not response.all("via")
    assert re.fullmatch("[0-9a-f]{32}", response.get("x-request-id"))


@pytest.mark.parametrize("claimed", ["garbage", "1.2.3.4:99, [2001:db8::1]:5", ",,,", "x" * 4000])
def test_odd_claims_of_a_trusted_proxy(proxy, upstream, claimed):
    server = upstream()
    aya = proxy(server, listener=TRUSTING)
    assert ask(aya.port, headers={"X-Forwarded-For": claimed}).status in (200, 400)


def test_standard_forwarded_header_by_option(proxy, upstream):
    """RFC 7239, only where the listener asks for it; a stranger's own is replaced."""
    server = upstream()
    aya = proxy(server, listener={"forwarded": True})
    seen = seen_by(server, address=aya.port, host="shop.example:81", headers={"Forwarded": "for=192.0.2.1"})
    assert seen.get("forwarded") == 'for=127.0.0.1;host="shop.example:81";proto=http'
