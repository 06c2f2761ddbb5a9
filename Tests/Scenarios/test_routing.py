"""Which route takes a request: the most specific, whatever the order of the file."""

import pytest
from support.client import ask

ROUTES = {
    "everything": {"pool": "rest"},
    "path": {"path": "/api/*", "pool": "path"},
    "longer": {"path": "/api/v2/*", "pool": "longer"},
    "exact": {"path": "/api/v2/users", "pool": "exact"},
    "host": {"host": "shop.example", "pool": "host"},
    "host-path": {"host": "shop.example", "path": "/cart/*", "pool": "host-path"},
    "wildcard": {"host": "*.shop.example", "pool": "wildcard"},
    "deeper": {"host": "*.eu.shop.example", "pool": "deeper"},
    "method": {"path": "/api/*", "methods": ["POST", "PUT"], "pool": "method"},
    "header": {"path": "/if/*", "headers": {"X-Beta": "1"}, "pool": "header"},
    "cookie": {"path": "/if/*", "cookies": {"lab": "1"}, "pool": "cookie"},
    "query": {"path": "/if/*", "query": {"v": "2"}, "pool": "query"},
    "all-three": {
        "path": "/if/*", "headers": {"x-beta": "1"}, "cookies": {"lab": "1"}, "query": {"v": "2"}, "pool": "all-three"},
    "urgent": {"path": "/api/v2/urgent/*", "priority": 10, "pool": "urgent"},
    "less-urgent": {"host": "shop.example", "path": "/api/v2/urgent/now", "pool": "host"},
}
POOLS = ["rest", "path", "longer", "exact", "host", "host-path", "wildcard", "deeper", "method", "header", "cookie",
         "query", "all-three", "urgent"]

CASES = [
    # method, host, target, headers, pool
    ("GET", "other.test", "/", {}, "rest"),
    ("GET", "other.test", "/api", {}, "rest"),
    ("GET", "other.test", "/apix", {}, "rest"),
    ("GET", "other.test", "/api/", {}, "path"),
    ("GET", "other.test", "/api/x?/api/v2/", {}, "path"),
    ("GET", "other.test", "/api/v2", {}, "path"),
    ("GET", "other.test", "/api/v2/", {}, "longer"),
    ("GET", "other.test", "/api/v2/users", {}, "exact"),
    ("GET", "other.test", "/api/v2/users?id=1", {}, "exact"),
    ("GET", "other.test", "/api/v2/users/", {}, "longer"),
    ("GET", "other.test", "/api/v2/userss", {}, "longer"),
    ("POST", "other.test", "/api/x", {}, "method"),
    ("PUT", "other.test", "/api/x", {}, "method"),
    ("DELETE", "other.test", "/api/x", {}, "path"),
    ("POST", "other.test", "/api/v2/x", {}, "longer"),
    ("GET", "shop.example", "/", {}, "host"),
    ("GET", "SHOP.Example", "/", {}, "host"),
    ("GET", "shop.example:8080", "/", {}, "host"),
    ("GET", "shop.example.", "/", {}, "host"),
    ("GET", "shop.example", "/api/v2/users", {}, "host"),
    ("GET", "shop.example", "/cart/1", {}, "host-path"),
    ("GET", "shop.example", "/cart", {}, "host"),
    ("GET", "a.shop.example", "/", {}, "wildcard"),
    ("GET", "a.b.shop.example", "/cart/1", {}, "wildcard"),
    ("GET", "xshop.example", "/", {}, "rest"),
    ("GET", "a.eu.shop.example", "/", {}, "deeper"),
    ("GET", "eu.shop.example", "/", {}, "wildcard"),
    ("GET", "other.test", "/if/x", {}, "rest"),
    ("GET", "other.test", "/if/x", {"X-Beta": "1"}, "header"),
    ("GET", "other.test", "/if/x", {"x-bEtA": "1"}, "header"),
    ("GET", "other.test", "/if/x", {"X-Beta": "10"}, "rest"),
    ("GET", "other.test", "/if/x", {"Cookie": "a=b; lab=1; c=d"}, "cookie"),
    ("GET", "other.test", "/if/x", {"Cookie": "xlab=1"}, "rest"),
    ("GET", "other.test", "/if/x?a=1&v=2", {}, "query"),
    ("GET", "other.test", "/if/x?v=22", {}, "rest"),
    ("GET", "other.test", "/if/x?vv=2", {}, "rest"),
    ("GET", "other.test", "/if/x?v=2", {"Cookie": "lab=1", "X-Beta": "1"}, "all-three"),
    ("GET", "shop.example", "/api/v2/urgent/now", {}, "urgent"),
]


@pytest.fixture
def routed(start, upstream, port):
    """Aya with the routes above; each pool's server answers with the pool's name."""
    servers = {name: upstream(name=name) for name in POOLS}

    def start_routed(routes):
        listening = port()
        aya = start({
            "listeners": {"web": {"bind": f"127.0.0.1:{listening}"}},
            "routes": routes, "pools": {name: {"servers": [server.address]} for name, server in servers.items()}})
        aya.port = listening
        return aya

    return start_routed


@pytest.mark.parametrize("order", ["as written", "reversed"])
def test_most_specific_wins(routed, order):
    names = list(ROUTES) if order == "as written" else list(reversed(ROUTES))
    aya = routed({name: ROUTES[name] for name in names})
    wrong = []
    for method, host, target, headers, pool in CASES:
        found = ask(aya.port, method, target, headers, host=host).json()["server"]
        if found != pool:
            wrong.append(f"{method} {host} {target} {headers}: {found} instead of {pool}")
    assert not wrong, "\n".join(wrong)


def test_route_and_pool_in_the_log(routed):
    aya = routed(ROUTES)
    assert ask(aya.port, target="/cart/1", host="shop.example").status == 200
    record = aya.record(url__path="/cart/1")
    assert (record["http.route"], record["aya.pool"], record["aya.listener"]) == ("host-path", "host-path", "web")
    assert record["http.request.method"] == "GET" and record["aya.reason"] == "ok"
    assert record["aya.server"].startswith("127.0.0.1:")
    assert record["aya.duration.total"] >= record["aya.duration.first_byte"] >= 0


def test_no_route(proxy, upstream):
    server = upstream()
    aya = proxy(server, routes={"shop": {"host": "shop.example", "pool": "main"}})
    assert ask(aya.port, host="shop.example").status == 200
    response = ask(aya.port, target="/lost", host="other.test")
    assert response.status == 404 and response.problem["code"] == "no_route"
    assert response.problem["blame"] == "client"
    assert aya.record(url__path="/lost")["aya.reason"] == "no_route"
    assert len(server.requests) == 1


def test_weighted_split(start, upstream, port):
    main, canary, listening = upstream(name="main"), upstream(name="canary"), port()
    start({
        "listeners": {"web": {"bind": f"127.0.0.1:{listening}"}},
        "routes": {"site": {"pool": {"main": 90, "canary": 10, "never": 0}}},
        "pools": {"main": {"servers": [main.address]}, "canary": {"servers": [canary.address]},
                  "never": {"servers": ["127.0.0.1:1"]}}})
    for _ in range(500):
        assert ask(listening).status == 200
    assert 20 <= len(canary.requests) <= 90, len(canary.requests)
    assert len(main.requests) + len(canary.requests) == 500


@pytest.mark.parametrize("redirect, location, status", [
    ({"to": "https://{host}{path}{query}"}, "https://shop.example/old/x?a=1", 308),
    ({"to": "https://new.example/home", "status": 301}, "https://new.example/home", 301),
    ({"to": "/moved{query}", "status": 307}, "/moved?a=1", 307),
    ({"to": "{scheme}://other.example{path}", "status": 302}, "http://other.example/old/x", 302),
])
def test_redirect(proxy, upstream, redirect, location, status):
    server = upstream()
    aya = proxy(server, routes={"old": {"path": "/old/*", "redirect": redirect}, "rest": {"pool": "main"}})
    response = ask(aya.port, target="/old/x?a=1", host="shop.example")
    assert response.status == status and response.get("location") == location
    assert not server.requests
    assert aya.record(url__path="/old/x")["http.route"] == "old"


def test_redirect_can_not_be_split(proxy, upstream):
    """What a client writes into its target stays in the Location line."""
    aya = proxy(upstream(), routes={
        "old": {"path": "/*", "redirect": {"to": "https://{host}{path}{query}"}},
        "rest": {"host": "rest.test", "pool": "main"}})
    response = ask(aya.port, target="/%0d%0aSet-Cookie:%20a=b?%0d%0aX:%20y", host="shop.example")
    assert response.status == 308 and not response.all("set-cookie") and not response.all("x")


def test_fixed_response(proxy, upstream, client):
    aya = proxy(upstream(), routes={
        "tea": {"path": "/tea", "respond": {
            "status": 418, "headers": {"X-Kind": "green", "Content-Type": "text/plain"}, "body": "short and stout\n"}},
        "nothing": {"path": "/nothing", "respond": {"status": 204}},
        "rest": {"pool": "main"}})
    one = client(aya)
    response = one.get("/tea")
    assert (response.status, response.get("x-kind"), response.body) == (418, "green", b"short and stout\n")
    assert one.get("/nothing").status == 204
    one.send_request("HEAD", "/tea")
    response = one.response("HEAD")
    assert response.status == 418 and response.get("content-length") == "16"
    response = one.request("POST", "/tea", body=b"x" * 100_000)
    assert response.status == 418
    if (response.get("connection") or "").lower() == "close":
        one = client(one.socket.getpeername())  # the body was not worth reading to its end
    assert one.get("/rest").status == 200


def test_many_routes(start, upstream, port):
    """10,000 hosts and 10,000 paths; the last and the first are found."""
    server, listening = upstream(), port()
    routes = {f"h{n}": {"host": f"svc{n}.example.test", "pool": "main"} for n in range(10_000)}
    routes |= {f"p{n}": {"path": f"/svc{n}/*", "pool": "main"} for n in range(10_000)}
    start({"listeners": {"web": {"bind": f"127.0.0.1:{listening}"}}, "routes": routes,
           "pools": {"main": {"servers": [server.address]}}})
    for host, target, status in [
        ("svc0.example.test", "/", 200), ("svc9999.example.test", "/", 200), ("svc10000.example.test", "/", 404),
        ("a.test", "/svc0/x", 200), ("a.test", "/svc9999/x", 200), ("a.test", "/svc10000/x", 404),
    ]:
        assert ask(listening, target=target, host=host).status == status, (host, target)
