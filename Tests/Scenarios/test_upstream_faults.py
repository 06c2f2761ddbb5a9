"""Servers that die, reset, stall and lie: the client gets a clear answer or a clear end, the reason is right, and a
request is tried again only when that is safe."""

import time

import pytest
from support.client import ask
from support.upstream import Upstream, answering, echo, sending


def fails(aya, code, status=502, method="GET", target="/fault", body=None, attempts=None):
    response = ask(aya.port, method, target, body=body)
    assert response.status == status, f"{response.head!r}"
    problem = response.problem
    assert problem["code"] == code and problem["blame"] == "upstream", problem
    record = aya.record(url__path=target)
    assert record["aya.reason"] == code and record["http.response.status_code"] == status
    assert record["aya.blame"] == "upstream"
    if attempts:
        assert record["aya.attempts"] == attempts
    return response


def close_before_head(exchange):
    exchange.read_body()
    exchange.close()


def reset_before_head(exchange):
    exchange.read_body()
    exchange.reset()


def test_refused(proxy, port):
    fails(proxy(f"127.0.0.1:{port()}"), "connect_refused")


def test_refused_goes_to_another_server(proxy, upstream, port):
    server = upstream()
    aya = proxy(f"127.0.0.1:{port()}", server)
    for number in range(6):
        assert ask(aya.port, "POST", f"/{number}", body=b"x").status == 200, "nothing was sent, so it is safe"
    assert server.targets == [f"/{number}" for number in range(6)]
    attempts = [record["aya.attempts"] for record in aya.records(6)]
    assert set(attempts) <= {1, 2} and 2 in attempts


def test_attempts_are_all_tries(proxy, port):
    aya = proxy(*[f"127.0.0.1:{port()}" for _ in range(5)], pool={"retry": {"attempts": 3}})
    fails(aya, "connect_refused", attempts=3)


def test_attempts_of_one_turn_retries_off(proxy, upstream, port):
    aya = proxy(f"127.0.0.1:{port()}", upstream(), pool={"retry": {"attempts": 1}})
    assert sorted(ask(aya.port).status for _ in range(4)) == [200, 200, 502, 502]


@pytest.mark.parametrize("behaviour, code", [(close_before_head, "upstream_closed"), (reset_before_head, "upstream_reset")])
def test_unsafe_request_is_not_tried_again(proxy, upstream, behaviour, code):
    a, b = upstream(behaviour, name="a"), upstream(behaviour, name="b")
    fails(proxy(a, b), code, method="POST", body=b"x", attempts=1)
    assert len(a.requests) + len(b.requests) == 1


@pytest.mark.parametrize("behaviour, code", [(close_before_head, "upstream_closed"), (reset_before_head, "upstream_reset")])
def test_server_that_dies_before_its_head(proxy, upstream, behaviour, code):
    """Alone in its pool, with a fresh connection: nothing saves it."""
    fails(proxy(upstream(behaviour), pool={"retry": {"attempts": 1}}), code)


def test_reused_connection_that_dies_is_replaced(proxy, upstream):
    """The race of keep-alive: the server closes just when the request arrives. A safe request is sent again on a fresh
    connection and the client sees nothing."""

    def close_on_second(exchange):
        exchange.read_body()
        if exchange.number == 1:
            exchange.close()
        else:
            exchange.respond(body=str(exchange.connection_number).encode())

    server = upstream(close_on_second)
    aya = proxy(server)
    bodies = [ask(aya.port, target=f"/{number}").body for number in range(6)]
    assert bodies == [b"0", b"1", b"2", b"3", b"4", b"5"]
    assert [record["http.response.status_code"] for record in aya.records(6)] == [200] * 6


def test_reused_connection_that_dies_under_an_unsafe_request(proxy, upstream):
    def close_on_second(exchange):
        exchange.read_body()
        if exchange.number == 1:
            exchange.close()
        else:
            exchange.respond()

    server = upstream(close_on_second)
    aya = proxy(server)
    assert ask(aya.port).status == 200
    response = ask(aya.port, "POST", "/pay", body=b"x")
    assert response.status == 502 and response.problem["code"] in ("upstream_closed", "upstream_reset")
    assert server.targets.count("/pay") == 1


def test_death_within_the_head(proxy, upstream):
    aya = proxy(upstream(sending(b"HTTP/1.1 200 OK\r\nContent-Le")))
    fails(aya, "upstream_closed")


def test_death_within_a_body_by_length(proxy, upstream, client):
    """The client must be able to tell that the answer is not whole."""
    aya = proxy(upstream(sending(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello")))
    one = client(aya)
    response = one.get("/fault")
    assert response.status == 200 and response.truncated and response.body == b"hello"
    record = aya.record(url__path="/fault")
    assert record["aya.reason"] == "upstream_closed" and record["aya.blame"] == "upstream"
    assert record["http.response.body.size"] == 5


def test_death_within_a_chunked_body(proxy, upstream, client):
    aya = proxy(upstream(sending(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")))
    response = client(aya).get("/fault")
    assert response.truncated, "the last chunk must not be made up"
    assert aya.record(url__path="/fault")["aya.reason"] == "upstream_closed"


def test_reset_within_a_body(proxy, upstream, client):
    aya = proxy(upstream(sending(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello", then="reset")))
    response = client(aya).get("/fault")
    assert response.truncated
    assert aya.record(url__path="/fault")["aya.reason"] == "upstream_reset"


def test_bad_chunk_within_a_body(proxy, upstream, client):
    aya = proxy(upstream(sending(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloXX5\r\n")))
    try:
        response = client(aya).get("/fault")
        assert response.truncated or response.status == 502
    except ConnectionResetError:
        pass  # as clear as a truncated answer
    assert aya.record(url__path="/fault")["aya.reason"] == "upstream_invalid"


def test_head_without_end(proxy, upstream):
    def endless(exchange):
        exchange.read_body()
        exchange.send(b"HTTP/1.1 200 OK\r\n")
        for number in range(100_000):
            exchange.send(b"X-%d: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n" % number)

    aya = proxy(upstream(endless))
    fails(aya, "upstream_invalid")
    assert aya.peak_resident_bytes < 200 << 20


def test_endless_informational_answers(proxy, upstream):
    def endless(exchange):
        exchange.read_body()
        while True:
            exchange.send(b"HTTP/1.1 102 Processing\r\n\r\n")
            time.sleep(0.0005)

    aya = proxy(upstream(endless), pool={"timeouts": {"response": "1s"}})
    response = ask(aya.port, target="/fault")
    assert response.status in (502, 504)


def test_body_after_head_request_is_not_the_next_answer(proxy, upstream, client):
    """A server that answers HEAD with a body lies about the length of what follows."""

    def behave(exchange):
        exchange.read_body()
        if exchange.request.method == "HEAD":
            exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 44\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil!!")
        else:
            exchange.respond(body=b"well")

    aya = proxy(upstream(behave))
    assert ask(aya.port, "HEAD").status == 200
    for _ in range(3):
        assert ask(aya.port).body == b"well"


def test_server_that_comes_back(proxy, port):
    address = ("127.0.0.1", port())
    aya = proxy(f"127.0.0.1:{address[1]}")
    assert ask(aya.port).status == 502
    server = Upstream(echo, address=address)
    try:
        assert ask(aya.port).status == 200
    finally:
        server.stop()
    assert ask(aya.port).status == 502
    server = Upstream(echo, address=address)
    try:
        assert ask(aya.port).status == 200
    finally:
        server.stop()


def test_client_that_leaves_while_waiting(proxy, upstream, client):
    """The server's work is not taken for the answer to somebody else."""

    def slow(exchange):
        exchange.read_body()
        time.sleep(0.4)
        exchange.respond(body=exchange.request.target.encode())

    aya = proxy(upstream(slow))
    gone = client(aya)
    gone.send_request("GET", "/gone")
    time.sleep(0.1)
    gone.reset()  # an end alone could be a half-close
    assert ask(aya.port, target="/stays").body == b"/stays"
    record = aya.record(url__path="/gone")
    assert (record["aya.reason"], record["aya.blame"]) == ("client_gone", "client")


def test_client_that_resets_within_its_body(proxy, upstream, client):
    completed = []

    def behave(exchange):
        exchange.read_body()
        completed.append(exchange.request.target)
        exchange.respond()

    aya = proxy(upstream(behave))
    one = client(aya)
    one.send(b"POST /cut HTTP/1.1\r\nHost: aya.test\r\nContent-Length: 100\r\n\r\nhello")
    time.sleep(0.1)
    one.reset()
    assert aya.record(url__path="/cut")["aya.reason"] == "client_gone"
    assert completed == []


def test_client_that_closes_within_its_body(proxy, upstream, client):
    """A truncated request must not become a complete one at the server."""
    completed = []

    def behave(exchange):
        exchange.read_body()
        completed.append(exchange.request.target)
        exchange.respond()

    aya = proxy(upstream(behave))
    one = client(aya)
    one.send(b"POST /cut HTTP/1.1\r\nHost: aya.test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
    one.close()
    assert aya.record(url__path="/cut")["aya.reason"] == "client_gone"
    assert completed == []


def test_client_that_closes_its_sending_side_still_gets_the_answer(proxy, upstream, client):
    """Half-close after a whole request is legal and used (`nc -N`, some probes)."""
    import socket

    def slow(exchange):
        exchange.read_body()
        time.sleep(0.2)
        exchange.respond(body=b"late")

    one = client(proxy(upstream(slow)))
    one.send_request()
    one.socket.shutdown(socket.SHUT_WR)
    assert one.response().body == b"late"


def test_problem_body_says_what_happened(proxy, port):
    response = ask(proxy(f"127.0.0.1:{port()}").port, target="/pay")
    problem = response.problem
    assert problem["title"] and problem["status"] == 502
    assert problem["instance"] == response.get("x-request-id") or problem["instance"]
    assert "127.0.0.1" not in response.body.decode(), "addresses behind Aya are nobody's business"


def test_errors_go_plain_to_who_wants_text(proxy, port):
    """problem+json by default, text for `Accept: text/plain`: either way the reason is in it."""
    response = ask(proxy(f"127.0.0.1:{port()}").port, headers={"Accept": "text/plain"})
    assert response.status == 502 and b"connect_refused" in response.body


def test_head_request_gets_no_problem_body(proxy, port, client):
    one = client(proxy(f"127.0.0.1:{port()}"))
    one.send_request("HEAD", "/")
    response = one.response("HEAD")
    assert response.status == 502
    one.send_request("GET", "/")
    assert one.response().status == 502


def test_answers_of_servers_pass_as_they_are(proxy, upstream):
    """A server's own 502 or 404 is its answer, not Aya's."""
    for status in (404, 500, 502, 503):
        server = upstream(answering(status, body=b"mine"))
        aya = proxy(server)
        response = ask(aya.port, "POST", "/own", body=b"x")
        assert response.status == status and response.body == b"mine"
        assert aya.record(url__path="/own")["aya.reason"] == "ok"
