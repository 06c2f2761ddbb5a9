"""Routes of single listeners: which requests they take, what is told of them, and what a reload does."""

import json

import pytest
from support.aya import run
from support.client import ask


@pytest.fixture
def fronts(start, upstream, port):
    """Aya with several listeners; each pool's server answers with the pool's name."""
    servers = {name: upstream(name=name) for name in ("web", "inside", "both")}

    class Fronts:
        def __init__(self, routes, names=("web", "inside", "third"), **more):
            self.ports = {name: port() for name in names}
            self.admin = port()
            self.aya = start(self.text(routes, **more))
            self.aya.admin = self.admin
            self.aya.wait_ready()

        def text(self, routes, names=None, **more):
            return {
                "admin": {"bind": f"127.0.0.1:{self.admin}"},
                "listeners": {
                    name: {"bind": f"127.0.0.1:{number}"} for name, number in self.ports.items()
                    if names is None or name in names},
                "routes": routes,
                "pools": {name: {"servers": [server.address]} for name, server in servers.items()}, **more}

        def reload(self, routes, **more):
            self.aya.write(self.text(routes, **more))
            done = run("reload", "--admin", f"http://127.0.0.1:{self.admin}", "--json")
            assert done.returncode == 0, done.stdout + done.stderr
            return json.loads(done.stdout)

        def takes(self, listener, target="/", **settings):
            response = ask(self.ports[listener], target=target, **settings)
            return response.json()["server"] if response.status == 200 else response.status

    return Fronts


ROUTES = {
    "site": {"pool": "web"},
    "inside": {"listeners": "inside", "pool": "inside"},
    "shared": {"path": "/shared/*", "listeners": ["inside", "web"], "pool": "both"},
    "stats": {"path": "/stats", "listeners": "inside", "pool": "inside"},
    "host": {"host": "shop.example", "path": "/stats", "pool": "both"},
    "urgent": {"path": "/urgent", "priority": 5, "listeners": "third", "respond": 299},
    "header": {"headers": {"x-beta": "1"}, "pool": "both"},
}


def test_each_listener_has_its_own(fronts):
    one = fronts(ROUTES)
    assert [one.takes(name) for name in one.ports] == ["web", "inside", "web"]
    assert [one.takes(name, "/shared/x") for name in one.ports] == ["both", "both", "web"]
    assert [one.takes(name, "/stats") for name in one.ports] == ["web", "inside", "web"]
    # What is more specific comes first, whichever listener it names.
    assert [one.takes(name, "/stats", host="shop.example") for name in one.ports] == ["both", "both", "both"]
    assert [one.takes(name, "/urgent") for name in one.ports] == ["web", "inside", 299]
    assert [one.takes(name, headers={"X-Beta": "1"}) for name in one.ports] == ["both", "both", "both"]


def test_where_no_route_is_for_a_listener(fronts):
    one = fronts({"only": {"listeners": "web", "pool": "web"}})
    assert [one.takes(name) for name in one.ports] == ["web", 404, 404]
    assert "no route is for listener 'inside'" in one.aya.stderr


def test_what_is_told(fronts):
    one = fronts(ROUTES)

    def explain(line, *options):
        ran = run("explain", *options, "--json", line)
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)

    for options in (["--admin", f"http://127.0.0.1:{one.admin}"], ["--offline", "-c", one.aya.configuration_path]):
        told = explain(f"GET http://x.example:{one.ports['inside']}/stats", *options)
        assert told["listener"]["name"] == "inside" and told["route"]["name"] == "stats"
        assert "listener is inside" in told["route"]["matched"]
        others = {other["route"]: other for other in told["others"]}
        assert others["urgent"]["why"] == "not so: listener is third"
        told = explain(f"GET http://x.example:{one.ports['inside']}/", *options)
        others = {other["route"]: other for other in told["others"]}
        assert told["route"]["name"] == "inside" and "it names its listeners" in others["site"]["why"]
        assert explain(f"GET http://x.example:{one.ports['web']}/stats", *options)["route"]["name"] == "site"


def test_a_reload_moves_routes_between_listeners(fronts, client):
    one = fronts(ROUTES)
    kept = {name: client(number) for name, number in one.ports.items()}
    assert [kept[name].get("/").json()["server"] for name in kept] == ["web", "inside", "web"]
    report = one.reload({**ROUTES, "inside": {"listeners": ["web", "third"], "pool": "inside"}})
    assert "1 route" in report["summary"], report
    assert [kept[name].get("/").json()["server"] for name in kept] == ["inside", "web", "inside"]
    # A new listener has the routes that name it from its first request.
    one.reload({"site": {"pool": "web"}, "inside": {"listeners": "third", "pool": "inside"}})
    assert [kept[name].get("/").json()["server"] for name in kept] == ["web", "web", "inside"]


def test_a_listener_that_goes_keeps_its_routes(start, upstream, port, client):
    """A request that is on its way when its listener goes is answered as it would have been."""
    server = upstream(name="web")
    web, inside, admin = port(), port(), port()

    def text(with_inside):
        listeners = {"web": {"bind": f"127.0.0.1:{web}"}}
        routes = {"site": {"pool": "web"}}
        if with_inside:
            listeners["inside"] = {"bind": f"127.0.0.1:{inside}"}
            routes["inside"] = {"listeners": "inside", "respond": {"status": 299, "body": "inside"}}
        return {"admin": {"bind": f"127.0.0.1:{admin}"}, "listeners": listeners, "routes": routes,
                "drain": {"grace": "30s"}, "pools": {"web": {"servers": [server.address]}}}

    aya = start(text(True))
    aya.admin = admin
    aya.wait_ready()
    halfway = client(inside)
    halfway.send(b"GET /x HTTP/1.1\r\nHost: aya.test\r\n")
    # Its beginning has arrived: a later request has been answered.
    assert ask(inside).status == 299
    aya.write(text(False))
    assert run("reload", "--admin", f"http://127.0.0.1:{admin}").returncode == 0
    halfway.send(b"\r\n")
    response = halfway.response()
    assert response.status == 299 and response.body == b"inside"
    assert server.requests == []
