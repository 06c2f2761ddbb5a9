"""Second tries: which failures lead to one, and slow servers that get a rival."""

import time

import pytest
from support.aya import wait_until
from support.client import ask
from support.upstream import answering, stalling


def named(exchange):
    exchange.read_body()
    exchange.respond(body=exchange.upstream.name.encode())


def slow(seconds):
    def behave(exchange):
        exchange.read_body()
        time.sleep(seconds)
        exchange.respond(body=exchange.upstream.name.encode())

    return behave


def test_status_is_tried_elsewhere(proxy, upstream):
    bad, good = upstream(answering(503, body=b"busy")), upstream(named, name="good")
    aya = proxy(bad, good, pool={"balance": "round_robin", "outliers": "off", "retry": {"when": [503]}})
    assert [ask(aya.port).body for _ in range(6)] == [b"good"] * 6
    # The second try takes a turn as well, so the turn always comes back to the bad one.
    assert len(bad.requests) == aya.metric("aya_pool_retries_total", pool="main") == 6


def test_records_say_what_was_tried_first(proxy, upstream, port):
    """A client that noticed nothing is no reason for an operator not to."""
    gone, good = f"127.0.0.1:{port()}", upstream(named, name="good")
    aya = proxy(gone, good, pool={"balance": "round_robin", "outliers": "off"})
    assert [ask(aya.port).body for _ in range(4)] == [b"good"] * 4
    for record in aya.records(4):
        assert record["aya.attempts"] == 2 and record["aya.server"] == good.address and record["aya.reason"] == "ok"
        assert record["aya.retried.server"] == gone and record["aya.retried.reason"] == "connect_refused"


def test_records_say_which_answer_was_dropped(proxy, upstream):
    bad, good = upstream(answering(503)), upstream(named, name="good")
    aya = proxy(bad, good, pool={"balance": "round_robin", "outliers": "off", "retry": {"when": [503]}})
    assert ask(aya.port).body == b"good"
    assert ask(aya.port, "POST", body=b"x").status in (200, 503)
    first, second = aya.records(2)
    assert first["aya.retried.server"] == bad.address and first["aya.retried.reason"] == "status_503"
    assert "aya.retried.server" not in second and "aya.retried.reason" not in second


def test_last_answer_is_delivered(proxy, upstream):
    """When there is nobody else to ask, the client gets the server's own words."""
    servers = [upstream(answering(503, body=b"busy")) for _ in range(2)]
    aya = proxy(*servers, pool={"outliers": "off", "retry": {"attempts": 5, "when": [503]}})
    response = ask(aya.port)
    assert (response.status, response.body) == (503, b"busy")
    assert aya.record()["aya.attempts"] == 2


def test_status_of_an_unsafe_request_is_delivered(proxy, upstream):
    bad, good = upstream(answering(503)), upstream(named)
    aya = proxy(bad, good, pool={"balance": "round_robin", "outliers": "off", "retry": {"when": [503]}})
    assert sorted(ask(aya.port, "POST", body=b"x").status for _ in range(4)) == [200, 200, 503, 503]


def test_conditions_are_the_only_ones(proxy, upstream, port):
    aya = proxy(f"127.0.0.1:{port()}", upstream(named),
                pool={"balance": "round_robin", "outliers": "off", "retry": {"when": ["timeout"]}})
    assert sorted(ask(aya.port).status for _ in range(4)) == [200, 200, 502, 502]


def test_timeout_of_one_try(proxy, upstream):
    stalled, good = upstream(stalling), upstream(named, name="good")
    aya = proxy(stalled, good, pool={"balance": "round_robin", "outliers": "off",
                                     "retry": {"per_try_timeout": "200ms"}})
    begun = time.monotonic()
    assert [ask(aya.port).body for _ in range(4)] == [b"good"] * 4
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_hedge_after_a_stated_time(proxy, upstream, method):
    body = b"data" if method == "PUT" else None
    late, quick = upstream(slow(1), name="late"), upstream(named, name="quick")
    aya = proxy(late, quick, pool={"balance": "round_robin", "hedge": {"after": "50ms", "budget": "100%"}})
    begun = time.monotonic()
    assert [ask(aya.port, method, body=body).body for _ in range(4)] == [b"quick"] * 4
    assert time.monotonic() - begun < 1
    assert aya.metric("aya_pool_hedges_total", pool="main") == aya.metric("aya_pool_hedges_won_total", pool="main") == 4
    assert {r.body for r in quick.requests} == {body or b""}
    # The losers are seen through: their servers' work ends, and their connections are used again.
    wait_until(lambda: aya.metric("aya_server_requests_in_flight", server=late.address) == 0, what="no work left")
    wait_until(lambda: aya.metric("aya_server_connections_idle", server=late.address) >= 1, what="kept connections")


def test_hedge_that_loses_harms_nobody(proxy, upstream):
    first, later = upstream(slow(0.15), name="first"), upstream(slow(0.6), name="later")
    aya = proxy(first, later, pool={"balance": "round_robin", "hedge": {"after": "50ms", "budget": "100%"}})
    assert ask(aya.port).body == b"first"
    assert aya.metric("aya_pool_hedges_total", pool="main") == 1
    assert aya.metric("aya_pool_hedges_won_total", pool="main") == 0
    wait_until(lambda: aya.metric("aya_server_requests_in_flight", server=later.address) == 0, what="no work left")


def test_hedge_survives_the_death_of_either_side(proxy, upstream):
    def dies(exchange):
        exchange.read_body()
        time.sleep(0.1)
        exchange.close()

    dying, steady = upstream(dies, name="dying"), upstream(slow(0.3), name="steady")
    aya = proxy(dying, steady, pool={"balance": "round_robin", "outliers": "off",
                                     "hedge": {"after": "50ms", "budget": "100%"}})
    assert [ask(aya.port).body for _ in range(4)] == [b"steady"] * 4


def test_hedge_of_both_dying(proxy, upstream):
    def dies(exchange):
        exchange.read_body()
        time.sleep(0.1)
        exchange.close()

    aya = proxy(*[upstream(dies) for _ in range(2)],
                pool={"outliers": "off", "retry": {"attempts": 1}, "hedge": {"after": "20ms", "budget": "100%"}})
    response = ask(aya.port)
    assert response.status == 502 and response.problem["code"] == "upstream_closed"


def test_unsafe_requests_are_not_hedged(proxy, upstream):
    servers = [upstream(slow(0.3)) for _ in range(2)]
    aya = proxy(*servers, pool={"hedge": {"after": "20ms", "budget": "100%"}})
    assert ask(aya.port, "POST", body=b"x").status == 200
    assert sum(len(s.requests) for s in servers) == 1


def test_hedges_have_a_budget(proxy, upstream):
    """What a quiet start has saved up is used, and then it ends."""
    servers = [upstream(slow(0.03), name=str(i)) for i in range(2)]
    aya = proxy(*servers, pool={"hedge": {"after": "5ms", "budget": "1%"}})
    for _ in range(80):
        assert ask(aya.port).status == 200
    assert aya.metric("aya_pool_hedges_total", pool="main") <= 34


def test_budget_bounds_retries(proxy, upstream):
    """When every server fails, load grows by the budget and a few, not by the number of tries."""
    servers = [upstream(answering(503)) for _ in range(2)]
    aya = proxy(*servers, pool={
        "balance": "round_robin", "outliers": "off", "retry": {"attempts": 2, "when": [503], "budget": "20%"}})
    assert [ask(aya.port).status for _ in range(200)] == [503] * 200
    tries = sum(len(server.requests) for server in servers)
    assert 200 + 30 <= tries <= 200 + 52, tries
    assert aya.metric("aya_pool_retries_over_budget_total", pool="main") == 400 - tries


def test_hedge_does_not_lengthen_the_response_timeout(proxy, upstream):
    """The first server's time runs out while the second is asked; whoever is left may still answer."""
    stalled, late = upstream(stalling, name="stalled"), upstream(slow(0.9), name="late")
    aya = proxy(stalled, late, pool={"outliers": "off", "timeouts": {"response": "800ms"},
                                     "hedge": {"after": "400ms", "budget": "100%"}})
    assert ask(aya.port).status == 504  # late is too late as well: 0.9 s against 0.8 s from its own begin
    record = aya.record()
    assert record["aya.reason"] == "upstream_timeout" and record["aya.duration.total"] < 2
    assert aya.metric("aya_server_failures_total", server=stalled.address, reason="upstream_timeout") == 1
    assert aya.metric("aya_server_failures_total", server=late.address, reason="upstream_timeout") == 1


def test_first_times_out_and_the_hedge_answers(proxy, upstream):
    stalled, late = upstream(stalling, name="stalled"), upstream(slow(0.6), name="late")
    aya = proxy(stalled, late, pool={"outliers": "off", "timeouts": {"response": "700ms"},
                                     "hedge": {"after": "300ms", "budget": "100%"}})
    assert ask(aya.port).body == b"late"
    assert aya.metric("aya_server_failures_total", server=stalled.address, reason="upstream_timeout") == 1
