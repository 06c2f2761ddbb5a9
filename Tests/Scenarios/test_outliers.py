"""Passive health: what real traffic shows of a server, whatever its probes say."""

import random
import time

from support.client import ask
from support.load import Load
from support.upstream import answering

SHORT = {"eject_for": "600ms", "interval": "300ms"}


def failing(share, seed=1):
    """Answers 500 to that share of requests, but every probe with 200."""
    chance = random.Random(seed)

    def behave(exchange):
        exchange.read_body()
        is_probe = exchange.request.target == "/healthz"
        exchange.respond(500 if not is_probe and chance.random() < share else 200, body=b"bad")

    return behave


def good(exchange):
    exchange.read_body()
    exchange.respond(200, body=b"good")


def test_failures_in_a_row_eject_at_once(proxy, upstream):
    sick = upstream(failing(1))
    servers = [upstream(good) for _ in range(3)]
    aya = proxy(*servers, sick, pool={"retry": {"attempts": 1}})
    statuses = [ask(aya.port).status for _ in range(60)]
    # Five answers of 500, then no more.
    assert statuses.count(500) == 5, statuses
    server = aya.wait_for_state(sick.address, "ejected", timeout=1)
    assert server["reason"].startswith("5 failures in a row, back in ")
    assert aya.metric("aya_server_ejections_total", server=sick.address) == 1
    assert aya.metric("aya_server_up", server=sick.address) == 0
    assert "server is ejected" in aya.stderr


def test_good_probes_do_not_bring_back_who_fails_traffic(proxy, upstream):
    """Each return is followed by a longer ejection."""
    sick = upstream(failing(1))
    health = {"http": "/healthz", "interval": "500ms", "timeout": "500ms"}
    aya = proxy(upstream(good), upstream(good), sick, pool={
        "health": health, "outliers": SHORT, "retry": {"attempts": 2, "when": ["connect_failure", 500]}})
    with Load(aya.port, clients=4, pause=0.005) as load:
        time.sleep(4.5)
    # 0.6 + 1.2 + 1.8 s and the moments between: the third or fourth ejection is under way.
    ejections = aya.metric("aya_server_ejections_total", server=sick.address)
    assert 3 <= ejections <= 4
    assert aya.metric("aya_server_probe_failures_total", server=sick.address) == 0
    assert len(sick.requests) - aya.metric("aya_server_probes_total", server=sick.address) <= 5 * ejections + 8
    assert load.failed == 0, (load.statuses, load.broken[:3])


def test_thirty_percent_errors(proxy, upstream):
    """Rarely five in a row: the rate tells, compared with the other servers."""
    sick = upstream(failing(0.3))
    aya = proxy(*[upstream(good) for _ in range(3)], sick, pool={
        "outliers": {"interval": "500ms", "consecutive_failures": 50, "eject_for": "30s"}, "retry": {"attempts": 1}})
    with Load(aya.port, clients=4, pause=0.001) as load:
        server = aya.wait_for_state(sick.address, "ejected", timeout=10)
        ejected = time.monotonic()
        time.sleep(0.5)
    assert "% of requests failed, others 0%" in server["reason"]
    assert not any(status >= 500 for when, status, _, _ in load.answers if when > ejected + 0.1)


def test_when_all_fail_nobody_is_to_blame(proxy, upstream):
    """Half of the pool stays whatever happens, and an error rate that all share ejects nobody."""
    servers = [upstream(failing(0.4, seed)) for seed in range(4)]
    aya = proxy(*servers, pool={"outliers": {"interval": "300ms", "consecutive_failures": 100},
                                "retry": {"attempts": 1}})
    with Load(aya.port, clients=4):
        time.sleep(1.5)
    assert aya.metric("aya_server_ejections_total") == 0
    dead = proxy(*[upstream(answering(500)) for _ in range(4)], pool={"retry": {"attempts": 1}})
    for _ in range(60):
        assert ask(dead.port).status == 500
    assert dead.metric("aya_server_up") == 2


def test_slow_servers_on_request(proxy, upstream):
    def slow(exchange):
        time.sleep(0.05)
        good(exchange)

    sick = upstream(slow)
    aya = proxy(*[upstream(good) for _ in range(3)], sick, pool={
        "outliers": {"interval": "500ms", "latency": 5, "min_requests": 5}})
    with Load(aya.port, clients=8):
        server = aya.wait_for_state(sick.address, "ejected", timeout=10)
    assert "answers took" in server["reason"]


def test_off(proxy, upstream):
    sick = upstream(failing(1))
    aya = proxy(upstream(good), sick, pool={"outliers": "off", "retry": {"attempts": 1}})
    statuses = [ask(aya.port).status for _ in range(40)]
    assert statuses.count(500) == 20
    assert aya.server(sick.address)["state"] == "available"


def test_several_workers_put_their_failures_together(proxy, upstream):
    """Each of four workers sees few failures in a row; together they are enough."""
    sick = upstream(failing(1))
    aya = proxy(upstream(good), upstream(good), sick, workers=4, pool={"retry": {"attempts": 1}})
    for _ in range(60):
        ask(aya.port)
    aya.wait_for_state(sick.address, "ejected", timeout=2)
