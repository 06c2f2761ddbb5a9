"""What would become of a request: /v1/explain and `aya explain`, of a running Aya and of a file."""

import json

from support.aya import run, wait_until
from support.client import ask
from test_generations import api, server_path


def explain(aya, line, *more):
    ran = run("explain", "--admin", f"http://127.0.0.1:{aya.admin}", "--json", line, *more)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_what_it_says_is_what_happens(proxy, process):
    servers = [process(name) for name in "abc"]
    for balance in ["round_robin", "least_connections", "random", "power_of_two", "auto", "peak_ewma", "prequal",
                    "least_response_time", "resource"]:
        aya = proxy(*servers, pool={"balance": balance})
        names = {server.address: server.name for server in servers}
        for _ in range(4):
            told = explain(aya, "GET http://aya.test/x")
            picked = next(c["server"] for c in told["pool"]["candidates"] if c["picked"])
            assert told["outcome"] == f"forwarded to pool main, server {picked}" and told["pool"]["workers"] == [0]
            assert ask(aya.port, target="/x").body.decode() == names[picked], balance


def test_state_of_servers(proxy, process):
    a, b = process("a"), process("b")
    aya = proxy(a, b, pool={"health": {"http": "/", "interval": "100ms", "timeout": "100ms", "fall": 1}})
    b.kill()

    def candidates():
        return {c["server"]: c for c in explain(aya, "GET http://x/")["pool"]["candidates"]}

    wait_until(lambda: candidates()[b.address]["holds"], 10, "the verdict")
    assert candidates()[a.address]["chance"] == 1 and candidates()[b.address]["chance"] == 0
    assert api(aya, "PATCH", server_path(a), {"drain": True}).status == 200
    wait_until(lambda: "draining" in candidates()[a.address]["holds"], 10, "the drain")
    told = explain(aya, "GET http://x/")
    assert "no server" in told["outcome"] or "503" in told["outcome"]


def test_persistence_and_hash(proxy, upstream):
    a, b = upstream(name="a"), upstream(name="b")
    aya = proxy(a, b, pool={"persistence": {"cookie": "stay"}})
    answer = ask(aya.port)
    cookie = answer.get("set-cookie").split(";")[0]
    server = aya.records(1)[0]["aya.server"]
    for _ in range(3):
        told = explain(aya, f"GET http://aya.test/ -H 'Cookie: {cookie}'")
        assert "belongs" in told["pool"]["why"]
        assert [c["server"] for c in told["pool"]["candidates"] if c["picked"]] == [server]


def test_what_is_not_understood(proxy, upstream):
    aya = proxy(upstream())
    for body in [{}, {"url": "ftp://x"}, {"url": "/", "what": "x"}, {"url": "/", "headers": {"a b": "c"}}, [], "x",
                 {"url": "/", "client": "me"}, {"url": ["/"]}]:
        answer = api(aya, "POST", "/v1/explain", body)
        assert answer.status == 400 and answer.json()["code"] == "bad_request", body
    assert api(aya, "GET", "/v1/explain").status == 405
    assert api(aya, "POST", "/v1/explain", {"url": "http://x/", "method": "BAD METHOD"}).status == 400


def test_pages(proxy, upstream, tmp_path):
    aya = proxy(upstream(), routes={"api": {"path": "/api/*", "methods": ["POST"], "pool": "main"}, "all": {"pool": "main"}})
    running = run("explain", "--admin", f"http://127.0.0.1:{aya.admin}", "POST http://x/api/y")
    offline = run("explain", "--offline", "-c", aya.configuration_path, "POST http://x/api/y")
    for ran in (running, offline):
        assert ran.returncode == 0, ran.stderr
        for words in ("listener web", "route api", "✓ path is /api/*", "✓ method is POST", "all: 'api' comes first",
                      "pool main", "<- next", "so forwarded to pool main"):
            assert words in ran.stdout, ran.stdout
    assert "as worker 0 sees it" in running.stdout and "as it would begin" in offline.stdout
    assert run("explain", "--offline", "-c", aya.configuration_path, "GET").returncode == 2


def test_every_worker_is_asked(proxy, process):
    """Each picks for its own connections: what is told says whose pick it is where they do not agree."""
    servers = [process(name) for name in "abc"]
    aya = proxy(*servers, pool={"balance": "round_robin"}, workers=3)
    # One of them has its turn elsewhere than the others: connections come to workers by chance.
    ask(aya.port)
    told = explain(aya, "GET http://aya.test/")
    pool = told["pool"]
    assert pool["workers"] == [0, 1, 2]
    pickers = [worker for one in pool["candidates"] for worker in one["picked_by"]]
    assert sorted(pickers) == [0, 1, 2] and all(one["picked"] == bool(one["picked_by"]) for one in pool["candidates"])
    assert abs(sum(one["chance"] for one in pool["candidates"]) - 1) < 1e-6
    shown = run("explain", "--admin", f"http://127.0.0.1:{aya.admin}", "GET http://aya.test/").stdout
    assert "as 3 workers see it" in shown
    assert ("<- next of worker" in shown) == (sum(one["picked"] for one in pool["candidates"]) > 1)
    for one in pool["candidates"]:
        assert not one["picked"] or one["server"] in told["outcome"]
