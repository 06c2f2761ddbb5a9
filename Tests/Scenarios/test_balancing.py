"""How work is shared among the servers of a pool."""

import time
from collections import Counter

from support.client import ask


def test_round_robin_shares_evenly(proxy, upstream):
    servers = [upstream(name=name) for name in "abc"]
    aya = proxy(*servers)
    for _ in range(30):
        assert ask(aya.port).status == 200
    assert [len(s.requests) for s in servers] == [10, 10, 10]


def test_weights(proxy, upstream):
    a, b, idle = upstream(name="a"), upstream(name="b"), upstream(name="idle")
    aya = proxy({"address": a.address, "weight": 3}, {"address": b.address, "weight": 1},
                {"address": idle.address, "weight": 0})
    order = [ask(aya.port).json()["server"] for _ in range(40)]
    assert Counter(order) == {"a": 30, "b": 10}
    assert "aaaa" not in "".join(order), "smooth: the light server is not left to the end"


def test_least_connections_avoids_the_busy(proxy, upstream, client):
    def slow_on_request(exchange):
        exchange.read_body()
        if exchange.request.target == "/slow":
            time.sleep(1)
        exchange.respond(body=exchange.upstream.name.encode())

    a, b = upstream(slow_on_request, name="a"), upstream(slow_on_request, name="b")
    aya = proxy(a, b, pool={"balance": "least_connections"})
    busy = client(aya)
    busy.send_request("GET", "/slow")
    time.sleep(0.1)
    quick = {ask(aya.port).body for _ in range(10)}
    assert len(quick) == 1
    assert busy.response().body not in quick


def test_least_connections_shares_when_equal(proxy, upstream):
    servers = [upstream(name=name) for name in "ab"]
    aya = proxy(*servers, pool={"balance": "least_connections"})
    for _ in range(20):
        assert ask(aya.port).status == 200
    assert [len(s.requests) for s in servers] == [10, 10]


def test_more_workers_serve_together(proxy, upstream, client):
    """Each worker has its own listener and pool; together they answer every connection."""
    servers = [upstream(name=name) for name in "ab"]
    aya = proxy(*servers, workers=3)
    clients = [client(aya) for _ in range(60)]
    for _ in range(3):
        for one in clients:
            one.send_request()
        assert all(one.response().status == 200 for one in clients)
    shares = [len(s.requests) for s in servers]
    assert sum(shares) == 180 and min(shares) > 60


def test_server_by_name(proxy, upstream):
    server = upstream()
    aya = proxy(f"localhost:{server.port}")
    assert ask(aya.port).status == 200
