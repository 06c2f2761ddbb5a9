"""Keep-alive on both sides, pipelining, and what ends a connection (RFC 9112 section 9)."""

import time

from support.aya import wait_until
from support.client import ask
from support.upstream import answering, echo


def test_two_lines_are_a_load_balancer(start, upstream, port):
    """The first configuration of the README."""
    a, b, listening = upstream(name="a"), upstream(name="b"), port()
    start(
        f'listeners: {{ web: {{ bind: "127.0.0.1:{listening}" }} }}\n'
        f"pools: {{ web: {{ servers: [{a.address}, {b.address}] }} }}\n")
    wait_until(lambda: _answers(listening), 10)
    # A server that looked slower at first is tried again within seconds.
    seen = set()
    wait_until(lambda: seen.add(ask(listening).json()["server"]) or seen == {"a", "b"}, 20, "both servers")


def _answers(port):
    try:
        return ask(port).status == 200
    except OSError:
        return False


def test_client_connection_is_kept(proxy, upstream, client):
    one = client(proxy(upstream()))
    for number in range(5):
        response = one.get(f"/{number}")
        assert response.status == 200 and response.json()["target"] == f"/{number}"
        assert (response.get("connection") or "keep-alive").lower() == "keep-alive"


def test_server_connection_is_reused_across_clients(proxy, upstream):
    server = upstream()
    aya = proxy(server)
    for number in range(5):
        assert ask(aya.port, target=f"/{number}").status == 200
    assert server.accepted == 1
    assert server.targets == [f"/{number}" for number in range(5)]


def test_connection_close_of_the_client_is_honoured(proxy, upstream, client):
    server = upstream()
    aya = proxy(server)
    one = client(aya)
    response = one.get("/", {"Connection": "close"})
    assert response.status == 200 and response.get("connection").lower() == "close"
    assert one.ends()
    assert ask(aya.port).json()["connection"] == 0, "the client's wish is no reason to drop the server's connection"


def test_http_1_0_ends_after_the_answer(proxy, upstream, client):
    one = client(proxy(upstream()))
    one.send(b"GET /old HTTP/1.0\r\nHost: aya.test\r\n\r\n")
    response = one.response()
    assert response.status == 200 and response.json()["target"] == "/old"
    assert one.ends()


def test_http_1_0_without_host_is_served(proxy, upstream, client):
    one = client(proxy(upstream()))
    one.send(b"GET /old HTTP/1.0\r\n\r\n")
    assert one.response().status == 200


def test_http_1_0_client_gets_no_chunks(proxy, upstream, client):
    server = upstream(answering(headers={"Transfer-Encoding": "chunked"}, body=b"5\r\nhello\r\n0\r\n\r\n"))
    one = client(proxy(server))
    one.send(b"GET / HTTP/1.0\r\nHost: aya.test\r\n\r\n")
    response = one.response()
    assert response.get("transfer-encoding") is None
    assert response.body == b"hello"


def test_http_1_0_keep_alive_on_request(proxy, upstream, client):
    """Allowed, not required: either it is kept and says so, or it ends."""
    one = client(proxy(upstream()))
    one.send(b"GET /1 HTTP/1.0\r\nHost: aya.test\r\nConnection: keep-alive\r\n\r\n")
    response = one.response()
    assert response.status == 200
    if (response.get("connection") or "close").lower() == "keep-alive":
        one.send(b"GET /2 HTTP/1.0\r\nHost: aya.test\r\n\r\n")
        assert one.response().json()["target"] == "/2"
    else:
        assert one.ends()


def test_pipelined_requests_are_answered_in_order(proxy, upstream, client):
    a, b = upstream(name="a"), upstream(name="b")
    one = client(proxy(a, b))
    one.send(b"".join(b"GET /%d HTTP/1.1\r\nHost: aya.test\r\n\r\n" % number for number in range(50)))
    assert [one.response().json()["target"] for _ in range(50)] == [f"/{number}" for number in range(50)]


def test_pipelined_bodies_stay_apart(proxy, upstream, client):
    one = client(proxy(upstream()))
    one.send(
        b"POST /1 HTTP/1.1\r\nHost: aya.test\r\nContent-Length: 3\r\n\r\nabc"
        b"POST /2 HTTP/1.1\r\nHost: aya.test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\ndef\r\n0\r\n\r\n"
        b"GET /3 HTTP/1.1\r\nHost: aya.test\r\n\r\n")
    answers = [one.response().json() for _ in range(3)]
    assert [(a["target"], a["body"]) for a in answers] == [("/1", "abc"), ("/2", "def"), ("/3", "")]


def test_request_in_single_bytes(proxy, upstream, client):
    one = client(proxy(upstream()))
    for byte in b"POST /slow HTTP/1.1\r\nHost: aya.test\r\nContent-Length: 5\r\n\r\nhello":
        one.send(bytes([byte]))
        time.sleep(0.002)
    assert one.response().json()["body"] == "hello"


def test_empty_lines_before_a_request_are_skipped(proxy, upstream, client):
    """RFC 9112 section 2.2: at least one empty line before the request line is to be ignored."""
    one = client(proxy(upstream()))
    one.send(b"\r\nGET /1 HTTP/1.1\r\nHost: aya.test\r\n\r\n")
    assert one.response().status == 200
    one.send(b"\r\nGET /2 HTTP/1.1\r\nHost: aya.test\r\n\r\n")
    assert one.response().json()["target"] == "/2"


def test_server_that_closes_after_each_answer(proxy, upstream, client):
    server = upstream(answering(headers={"Connection": "close"}, body=b"once"))
    one = client(proxy(server))
    for _ in range(3):
        response = one.get()
        assert response.status == 200 and response.body == b"once"
        assert (response.get("connection") or "keep-alive").lower() != "close", "hop by hop: the server's own wish"
    assert server.accepted == 3


def test_body_until_close_is_framed_for_the_client(proxy, upstream, client):
    def until_close(exchange):
        exchange.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nhello ")
        time.sleep(0.1)
        exchange.send(b"world")
        exchange.close()

    one = client(proxy(upstream(until_close)))
    for _ in range(2):
        response = one.get()
        assert response.body == b"hello world"
        if response.get("transfer-encoding") is None:
            assert one.ends()
            break


def test_http_1_0_server(proxy, upstream, client):
    def old(exchange):
        exchange.send(b"HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nold")
        exchange.close()

    one = client(proxy(upstream(old)))
    for _ in range(2):
        response = one.get()
        assert response.version == "HTTP/1.1" and response.body == b"old"


def test_idle_connection_closed_by_the_server_is_not_used(proxy, upstream):
    """The server's FIN lies there before the next request."""
    server = upstream()
    aya = proxy(server)
    assert ask(aya.port, "POST", body=b"1").status == 200
    server.drop_connections()
    time.sleep(0.3)
    # A POST is not retried, so only detection saves it.
    assert ask(aya.port, "POST", body=b"2").status == 200
    assert server.accepted == 2


def test_idle_server_connection_ends_after_its_timeout(proxy, upstream):
    server = upstream()
    aya = proxy(server, pool={"timeouts": {"idle": "300ms"}})
    assert ask(aya.port).status == 200
    wait_until(lambda: not server.open, 5, "the end of the idle connection")


def test_idle_client_connection_ends_after_its_timeout(proxy, upstream, client):
    one = client(proxy(upstream(), listener={"timeouts": {"idle": "400ms"}}))
    assert one.get().status == 200
    assert one.ends(timeout=5), "an idle connection ends without an answer"


def test_connection_that_never_speaks_ends_silently(proxy, upstream, client):
    one = client(proxy(upstream(), listener={"timeouts": {"idle": "400ms", "header": "400ms"}}))
    assert one.everything() in (b"",)


def test_number_of_kept_server_connections_is_bounded(proxy, upstream, client):
    def slow(exchange):
        time.sleep(0.3)
        echo(exchange)

    server = upstream(slow)
    aya = proxy(server, pool={"idle_connections": 2})
    clients = [client(aya) for _ in range(8)]
    for one in clients:
        one.send_request()
    assert all(one.response().status == 200 for one in clients)
    wait_until(lambda: len(server.open) <= 2, 5, "two idle connections")


def test_open_connections_to_a_server_are_counted_to_their_end(proxy, upstream):
    server = upstream()
    aya = proxy(server, pool={"timeouts": {"idle": "1s"}})
    assert ask(aya.port).status == 200
    assert aya.metric("aya_server_connections_open", server=server.address) == 1
    wait_until(lambda: aya.metric("aya_server_connections_open", server=server.address) == 0, 10, "the idle timeout")
    assert ask(aya.port).status == 200
    server.stop()
    wait_until(lambda: aya.metric("aya_server_connections_open", server=server.address) == 0, 10, "the server's end")
