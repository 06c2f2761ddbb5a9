"""Who may work on a pool's servers when there are too many: queues, limits, circuit breakers, and what stands in for
an answer."""

import threading
import time

import pytest
from support.aya import wait_until
from support.client import ask
from support.message import Closed
from support.upstream import answering


class Gate:
    """A behaviour that answers when the test says so, and counts how many it has at once."""

    def __init__(self):
        self.open = threading.Event()
        self.lock = threading.Lock()
        self.now = self.most = 0
        self.order = []

    def __call__(self, exchange):
        exchange.read_body()
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
            self.order.append(exchange.request.target)
        self.open.wait(10)
        with self.lock:
            self.now -= 1
        exchange.respond(body=exchange.upstream.name.encode())


def working(seconds):
    """A behaviour that takes its time."""
    gate = Gate()
    wait = gate.open.wait
    gate.open.wait = lambda _: wait(seconds)
    return gate


def refusal(response, code):
    assert response.status == 503, response.head
    assert response.problem["code"] == code
    assert int(response.get("retry-after")) >= 1
    return response


def limited(server, limit):
    return {"address": server.address, "max_connections": limit}


def sent(client, aya, count, target="/{}", **request):
    """Clients that each have sent one request, in this order."""
    clients = []
    for number in range(count):
        one = client(aya)
        one.send_request(target=target.format(number), **request)
        clients.append(one)
        time.sleep(0.01)
    return clients


# MARK: queues


def test_queue_keeps_the_limit(proxy, upstream, client):
    gate = Gate()
    server = upstream(gate)
    aya = proxy(limited(server, 4), pool={"queue": {"limit": 100, "timeout": "5s"}})
    clients = sent(client, aya, 20)
    wait_until(lambda: aya.metric("aya_pool_queue_length", pool="main") == 16)
    assert gate.now == 4
    gate.open.set()
    assert [one.response().status for one in clients] == [200] * 20
    assert gate.most <= 4
    assert aya.metric("aya_pool_queued_total", pool="main") == 16
    assert aya.metric("aya_pool_queue_length", pool="main") == 0
    assert aya.record(url__path="/19")["aya.duration.queue"] > 0
    assert "aya.duration.queue" not in aya.record(url__path="/0")


def test_queue_keeps_the_order(proxy, upstream, client):
    gate = Gate()
    aya = proxy(limited(upstream(gate), 1), pool={"queue": {"limit": 100, "timeout": "10s"}})
    clients = sent(client, aya, 12)
    wait_until(lambda: aya.metric("aya_pool_queue_length", pool="main") == 11)
    gate.open.set()
    assert [one.response().status for one in clients] == [200] * 12
    assert gate.order == [f"/{number}" for number in range(12)]


def test_queue_is_shared_by_workers(proxy, upstream, client):
    """A place that becomes free on one worker goes to whoever waits on another."""
    server = upstream(working(0.005))
    aya = proxy(limited(server, 2), pool={"queue": {"limit": 1000, "timeout": "10s"}}, workers=4)
    clients = sent(client, aya, 24)
    began = time.monotonic()
    for round in range(5):
        assert [one.response().status for one in clients] == [200] * 24
        for one in clients:
            one.send_request(target="/again")
    assert [one.response().status for one in clients] == [200] * 24
    assert server.behaviour.most <= 2
    # 144 requests of 5 ms, two at once, take 0.4 s; waiting for a timer at each would take seconds.
    assert time.monotonic() - began < 3


def test_full_queue_turns_away_or_displaces(proxy, upstream, client):
    gate = Gate()
    server = upstream(gate)
    routes = {
        "vip": {"path": "/vip/*", "criticality": "critical", "pool": "main"},
        "any": {"path": "/*", "pool": "main"},
        "batch": {"path": "/batch/*", "criticality": "sheddable", "pool": "main"},
    }
    aya = proxy(limited(server, 1), pool={"queue": {"limit": 2, "timeout": "5s"}}, routes=routes)
    running, = sent(client, aya, 1)
    wait_until(lambda: gate.now == 1)
    plain, = sent(client, aya, 1, "/plain")
    batch, = sent(client, aya, 1, "/batch/1")
    wait_until(lambda: aya.metric("aya_pool_queue_length", pool="main") == 2)
    refusal(ask(aya.port, target="/batch/2"), "queue_full")
    vip, = sent(client, aya, 1, "/vip/1")
    refusal(batch.response(), "queue_full")
    gate.open.set()
    assert [one.response().status for one in (running, plain, vip)] == [200] * 3
    assert gate.order == ["/0", "/vip/1", "/plain"]
    assert aya.record(url__path="/vip/1")["aya.criticality"] == "critical"
    assert "aya.criticality" not in aya.record(url__path="/plain")


def test_queue_timeout(proxy, upstream, client):
    gate = Gate()
    aya = proxy(limited(upstream(gate), 1), pool={"queue": {"limit": 10, "timeout": "200ms"}})
    running, waiting = sent(client, aya, 2)
    began = time.monotonic()
    refusal(waiting.response(), "queue_timeout")
    assert 0.1 < time.monotonic() - began < 2
    gate.open.set()
    assert running.response().status == 200
    assert waiting.get("/later").status == 200, "the connection goes on"
    assert aya.metric("aya_pool_refused_total", pool="main", reason="queue_timeout") == 1


def test_client_that_leaves_the_queue(proxy, upstream, client):
    gate = Gate()
    server = upstream(gate)
    aya = proxy(limited(server, 1), pool={"queue": {"limit": 10, "timeout": "5s"}})
    running, leaving, staying = sent(client, aya, 3)
    wait_until(lambda: aya.metric("aya_pool_queue_length", pool="main") == 2)
    leaving.reset()
    wait_until(lambda: aya.metric("aya_pool_queue_length", pool="main") == 1)
    gate.open.set()
    assert [running.response().status, staying.response().status] == [200, 200]
    assert gate.order == ["/0", "/2"]
    aya.record(url__path="/1", aya__reason="client_gone")


def test_sessions_wait_too(start, relay, client, port):
    def behave(server, connection):
        connection.sendall(b"hello")
        connection.recv(1)

    server, listening = relay(behave), port()
    aya = start({
        "listeners": {"db": {"bind": f"127.0.0.1:{listening}", "protocol": "tcp", "pool": "main"}},
        "pools": {"main": {"servers": [limited(server, 1)], "queue": {"limit": 1, "timeout": "5s"}}}})
    first = client(listening)
    assert first.stream.exactly(5) == b"hello"
    second = client(listening)
    wait_until(lambda: aya.metric("aya_pool_queue_length", pool="main") == 1)
    with pytest.raises((Closed, ConnectionResetError)):
        third = client(listening)
        third.stream.exactly(5)
    aya.record(aya__reason="queue_full")
    first.close()
    assert second.stream.exactly(5) == b"hello"


# MARK: limits


def test_limit_of_the_pool(proxy, upstream, client):
    gate = Gate()
    aya = proxy(upstream(gate), upstream(gate), pool={"concurrency": {"limit": 2}})
    clients = sent(client, aya, 2)
    wait_until(lambda: gate.now == 2)
    refusal(ask(aya.port, target="/more"), "concurrency_limit")
    gate.open.set()
    assert [one.response().status for one in clients] == [200, 200]
    assert ask(aya.port).status == 200


def test_limit_of_the_pool_with_a_queue(proxy, upstream, client):
    gate = Gate()
    aya = proxy(upstream(gate), pool={"concurrency": {"limit": 2}, "queue": {"limit": 10, "timeout": "5s"}}, workers=2)
    clients = sent(client, aya, 6)
    wait_until(lambda: gate.now == 2 and aya.metric("aya_pool_queue_length", pool="main") == 4)
    gate.open.set()
    assert [one.response().status for one in clients] == [200] * 6
    assert gate.most == 2


def test_criticality_by_header_of_a_trusted_client(proxy, upstream, client):
    gate = Gate()
    aya = proxy(
        limited(upstream(gate), 1), pool={"queue": {"limit": 10, "timeout": "5s"}},
        listener={"criticality_header": "X-Criticality", "trusted_proxies": ["127.0.0.0/8"]})
    running, normal = sent(client, aya, 2)
    high, = sent(client, aya, 1, "/high", headers={"x-criticality": "High"})
    wait_until(lambda: aya.metric("aya_pool_queue_length", pool="main") == 2)
    gate.open.set()
    assert [one.response().status for one in (running, normal, high)] == [200] * 3
    assert gate.order == ["/0", "/high", "/1"]
    assert aya.record(url__path="/high")["aya.criticality"] == "high"


def test_criticality_header_of_a_stranger(proxy, upstream):
    aya = proxy(upstream(), listener={"criticality_header": "X-Criticality", "trusted_proxies": ["192.0.2.1/32"]})
    assert ask(aya.port, headers={"X-Criticality": "critical"}).status == 200
    assert "aya.criticality" not in aya.records(1)[0]


# MARK: breakers


class Switch:
    """A behaviour that answers 200 or fails."""

    def __init__(self):
        self.works = False

    def __call__(self, exchange):
        exchange.read_body()
        exchange.respond(200 if self.works else 500, body=exchange.upstream.name.encode())


def test_breaker_opens_and_closes_again(proxy, upstream):
    switch = Switch()
    server = upstream(switch)
    aya = proxy(server, pool={"outliers": "off", "breaker": {"failures": 3, "open_for": "1s"}})
    assert [ask(aya.port).status for _ in range(3)] == [500] * 3
    refused = refusal(ask(aya.port), "breaker_open")
    assert int(refused.get("retry-after")) == 1
    assert len(server.requests) == 3
    assert aya.metric("aya_server_breaker_opened_total", pool="main") == 1
    time.sleep(1.1)
    assert ask(aya.port).status == 500, "the trial"
    refusal(ask(aya.port), "breaker_open")
    assert len(server.requests) == 4
    switch.works = True
    time.sleep(1.1)
    assert [ask(aya.port).status for _ in range(5)] == [200] * 5


def test_breaker_of_one_server_leaves_the_others(proxy, upstream):
    switch = Switch()
    bad, good = upstream(switch, name="bad"), upstream(answering(body=b"good"), name="good")
    aya = proxy(
        bad, good, pool={"balance": "round_robin", "outliers": "off", "breaker": {"failures": 2, "open_for": "1s"}})
    statuses = [ask(aya.port).status for _ in range(20)]
    assert statuses.count(500) == 2
    assert statuses[4:] == [200] * 16
    switch.works = True
    time.sleep(1.1)
    bodies = {ask(aya.port).body for _ in range(10)}
    assert bodies == {b"bad", b"good"}


def test_trial_is_single(proxy, upstream, client):
    """While a trial runs, nobody else is sent to the server."""
    hold = threading.Event()
    failing = [True]

    def behave(exchange):
        exchange.read_body()
        if not failing[0]:
            hold.wait(10)
        exchange.respond(500 if failing[0] else 200)

    server = upstream(behave)
    aya = proxy(server, pool={"outliers": "off", "breaker": {"failures": 1, "open_for": "1s"}})
    assert ask(aya.port).status == 500
    failing[0] = False
    time.sleep(1.1)
    trial, = sent(client, aya, 1)
    wait_until(lambda: len(server.requests) == 2)
    refusal(ask(aya.port), "breaker_open")
    hold.set()
    assert trial.response().status == 200
    assert ask(aya.port).status == 200


def test_breaker_of_the_pool(proxy, upstream):
    switch = Switch()
    servers = [upstream(switch) for _ in range(3)]
    aya = proxy(*servers, pool={"outliers": "off", "breaker": {"failures": 3, "open_for": "1s", "pool": True}})
    assert [ask(aya.port).status for _ in range(3)] == [500] * 3
    refusal(ask(aya.port), "breaker_open")
    switch.works = True
    time.sleep(1.1)
    assert [ask(aya.port).status for _ in range(4)] == [200] * 4


# MARK: fallbacks


def test_fallback_to_a_pool(start, upstream, port):
    listening = port()
    aya = start({
        "listeners": {"web": {"bind": f"127.0.0.1:{listening}"}},
        "routes": {"all": {"pool": "main"}},
        "pools": {
            "main": {"servers": [f"127.0.0.1:{port()}"], "fallback": "spare"},
            "spare": {"servers": [upstream(answering(body=b"spare")).address]}}})
    assert ask(listening).body == b"spare"
    assert ask(listening, "POST", body=b"x" * 2000).body == b"spare"
    assert aya.metric("aya_pool_fallbacks_total", pool="main") == 2
    assert aya.records(2)[0]["aya.pool"] == "spare"


def test_fallback_to_a_fixed_answer(proxy, upstream, port):
    aya = proxy(
        f"127.0.0.1:{port()}",
        pool={"fallback": {"respond": {"status": 503, "headers": {"Retry-After": "120"}, "body": "back soon"}}})
    response = ask(aya.port)
    assert (response.status, response.body, response.get("retry-after")) == (503, b"back soon", "120")
    assert aya.records(1)[0]["aya.reason"] == "connect_refused"


def test_fallback_to_stale_answers(proxy, upstream):
    failing = []

    def behave(exchange):
        exchange.read_body()
        if failing:
            return exchange.reset()
        headers = {"Content-Type": "text/x-test", "ETag": '"1"'}
        if exchange.request.target == "/private":
            headers["Cache-Control"] = "private, max-age=60"
        if exchange.request.target == "/cookie":
            headers["Set-Cookie"] = "a=b"
        if exchange.request.target == "/vary":
            headers["Vary"] = "Cookie"
        exchange.respond(headers=headers, body=b"answer to " + exchange.request.target.encode())

    aya = proxy(upstream(behave), pool={"outliers": "off", "fallback": {"stale": {"max_age": "60s", "size": "1MiB"}}})
    for target in ("/a", "/private", "/cookie", "/vary"):
        assert ask(aya.port, target=target).status == 200
    assert ask(aya.port, target="/mine", headers={"Cookie": "me=1"}).status == 200
    assert ask(aya.port, target="/secret", headers={"Authorization": "Basic eA=="}).status == 200
    failing.append(True)
    response = ask(aya.port, target="/a")
    assert (response.status, response.body) == (200, b"answer to /a")
    assert response.get("content-type") == "text/x-test"
    assert response.get("etag") == '"1"'
    assert "detail=fallback" in response.get("cache-status")
    assert ask(aya.port, "HEAD", target="/a").status == 200
    for target in ("/private", "/cookie", "/vary", "/mine", "/secret", "/a?other"):
        assert ask(aya.port, target=target).status == 502, target
    assert ask(aya.port, target="/a", headers={"Authorization": "Basic eA=="}).status == 502
    assert aya.record(url__path="/a", aya__reason="upstream_reset")["http.response.status_code"] == 200


# MARK: overload


class Slots:
    """A server that does so many things at once, each in the same time; others wait in its line."""

    def __init__(self, slots, seconds):
        self.free = threading.Semaphore(slots)
        self.seconds = seconds

    def __call__(self, exchange):
        exchange.read_body()
        with self.free:
            time.sleep(self.seconds)
        exchange.respond(body=b"done")


def offer(aya, seconds, rate, kinds):
    """Requests at a fixed rate whether or not they are answered; {kind: [(status, code, seconds)]}."""
    results = {kind: [] for kind in kinds}
    lock = threading.Lock()

    def one(kind):
        began = time.monotonic()
        response = ask(aya.port, target=f"/{kind}/x")
        code = response.problem["code"] if response.status == 503 else None
        if code:
            assert response.get("retry-after")
        with lock:
            results[kind].append((response.status, code, time.monotonic() - began))

    threads = []
    start = time.monotonic()
    for number in range(int(seconds * rate)):
        time.sleep(max(0, start + number / rate - time.monotonic()))
        thread = threading.Thread(target=one, args=(kinds[number % len(kinds)],), daemon=True)
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join(20)
    return results


@pytest.mark.parametrize("pool, critical", [
    ({"queue": {"limit": 100, "timeout": "500ms"}}, 0.95),
    # Without a queue, somebody critical may come when all eight places are taken by others who matter.
    ({"concurrency": {"limit": 8}}, 0.75),
    ({"concurrency": {"limit": 8}, "queue": {"limit": 50, "timeout": "500ms"}}, 0.95),
], ids=["queue", "limit", "both"])
def test_overload_costs_what_matters_least(proxy, upstream, pool, critical):
    """Half as much again as servers can do: what is critical is served, sheddable requests pay."""
    servers = [upstream(Slots(4, 0.1)) for _ in range(2)]  # 80 a second
    routes = {name: {"path": f"/{name}/*", "criticality": name, "pool": "main"}
              for name in ("critical", "normal", "sheddable")}
    aya = proxy(*[limited(server, 4) for server in servers], pool=pool, routes=routes)
    results = offer(aya, 4, 120, ["critical", "normal", "sheddable", "normal", "sheddable", "normal", "critical",
                                  "normal", "sheddable", "normal"])
    share = {kind: sum(status == 200 for status, _, _ in found) / len(found) for kind, found in results.items()}
    done = sum(status == 200 for found in results.values() for status, _, _ in found)
    codes = {code for found in results.values() for _, code, _ in found}
    assert {status for found in results.values() for status, _, _ in found} <= {200, 503}
    assert codes <= {None, "shed", "queue_full", "queue_timeout", "concurrency_limit", "connection_limit"}, codes
    assert share["critical"] >= critical, share
    assert share["sheddable"] < share["normal"] < share["critical"], share
    assert done >= 0.75 * 80 * 4, (done, share)
