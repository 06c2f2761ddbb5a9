"""Servers that tell how loaded they are, and balancers that go by it."""

import json
import time

from support.aya import wait_until
from support.load import Load
from support.upstream import answering


def reporting(name, report):
    """Answers with its name, and on /load with a report."""

    def behave(exchange):
        exchange.read_body()
        exchange.respond(body=report().encode() if exchange.request.target == "/load" else name.encode())

    return behave


def node_exporter(busy):
    """A page like node_exporter's, long as it is on a large machine; one processor, so busy since the test began."""
    began = time.monotonic()

    def page():
        passed = time.monotonic() - began
        filler = "".join(f'node_filler_metric{{device="sd{one}"}} {one}\n' for one in range(3000))
        return filler + (
            "# TYPE node_cpu_seconds_total counter\n"
            f'node_cpu_seconds_total{{cpu="0",mode="idle"}} {1000 + passed * (1 - busy)}\n'
            f'node_cpu_seconds_total{{cpu="0",mode="user"}} {500 + passed * busy}\n'
            "node_memory_MemTotal_bytes 8e+09\nnode_memory_MemAvailable_bytes 6e+09\n")

    return page


def share_of_the_busy(aya, clients=8, pause=0.0):
    with Load(aya.port, clients=clients, pause=pause) as load:
        time.sleep(0.7)
        began = time.monotonic()
        time.sleep(1)
    shares = load.bodies(began)
    assert load.failed == 0
    return shares["busy"] / sum(shares.values())


def test_json(proxy, upstream):
    busy = upstream(reporting("busy", lambda: json.dumps({"cpu": 0.95, "memory": 0.5, "io": 0.1})))
    idle = upstream(reporting("idle", lambda: json.dumps({"cpu": 0.05, "memory": 0.5, "io": 0.1})))
    aya = proxy(busy, idle, pool={"balance": "resource", "load_reports": {"http": "/load", "interval": "100ms"}})
    assert share_of_the_busy(aya) < 0.3


def test_node_exporter(proxy, upstream):
    """On another port, in counters of which two pages make a report."""
    busy, idle = upstream(answering(body=b"busy")), upstream(answering(body=b"idle"))
    page = upstream(reporting("", node_exporter(0.9)))
    aya = proxy(busy, idle, pool={
        "balance": "resource", "load_reports": {"http": "/load", "interval": "100ms", "port": page.port}})
    wait_until(lambda: len(page.requests) > 6)
    assert "reports no load" not in aya.stderr
    assert 0.4 < share_of_the_busy(aya) < 0.6, "both machines are the same one"


def test_a_server_without_reports(proxy, upstream):
    aya = proxy(upstream(answering(404)), pool={"load_reports": {"http": "/load", "interval": "50ms"}})
    wait_until(lambda: "server reports no load" in aya.stderr)
    time.sleep(0.3)
    assert aya.stderr.count("server reports no load") == 1


def test_prequal_asks_more_often_the_more_work_there_is(proxy, upstream):
    """A second is the pause of a quiet pool; under load each server is asked dozens of times, over one connection."""
    polls = []

    def polled(name, report):
        answer = reporting(name, lambda: json.dumps(report))

        def behave(exchange):
            if exchange.request.target == "/load":
                polls.append((name, exchange.connection_number))
            answer(exchange)

        return upstream(behave)

    busy, idle = polled("busy", {"rif": 9, "latency_ms": 90}), polled("idle", {"rif": 0, "latency_ms": 1})
    aya = proxy(busy, idle, pool={"balance": "prequal", "load_reports": {"http": "/load", "interval": "1s"}})
    assert share_of_the_busy(aya, clients=1, pause=0.01) < 0.35
    for name in "busy", "idle":
        connections = [connection for server, connection in polls if server == name]
        assert len(connections) > 15
        assert len(set(connections)) == 1
