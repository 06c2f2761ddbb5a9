"""Reloads: no request is lost, only what changed is touched, and what can not be applied changes nothing."""

import signal
import ssl
import time

import pytest
from support.aya import run, wait_until
from support.certificates import make, server_context
from support.client import ask
from support.openloop import OpenLoop
from support.steady2 import Steady2
from support.upstream import stalling
from test_upgrade import accept_and_echo, upgraded


def test_routes_change_for_open_connections(site, upstream, client):
    one = site(upstream())
    kept = client(one.port)
    assert kept.get("/").status == 200
    report = one.reload(upstream(), routes={
        "all": {"pool": "main"}, "health": {"path": "/ping", "respond": {"status": 299, "body": "pong"}}})
    assert report["generation"] == 2
    assert report["summary"] == "+2 routes, -1 route, +1 server, -1 server", report
    assert kept.get("/ping").status == 299


def test_server_added_and_removed(site, process, client):
    a, b = process("a"), process("b")
    one = site(a)
    kept = client(one.port)
    assert {kept.get().body for _ in range(6)} == {b"a"}
    report = one.reload(a, b)
    assert report["summary"] == "+1 server", report
    assert {kept.get().body for _ in range(12)} == {b"a", b"b"}
    assert one.reload(b)["summary"] == "-1 server"
    assert {kept.get().body for _ in range(6)} == {b"b"}
    status = one.aya.status()
    assert [server["address"] for server in status["pools"][0]["servers"]] == [b.address]


def test_untouched_pools_keep_their_connections(site, upstream, client):
    server = upstream()
    one = site(server, workers=1)
    kept = client(one.port)
    for _ in range(5):
        assert kept.get().status == 200
    before = one.aya.server(server.address)
    for number in range(3):
        one.reload(server, workers=1, routes={"all": {"pool": "main"}, f"r{number}": {
            "path": "/ping", "respond": {"status": 200, "body": "x"}}})
        assert kept.get().status == 200
    after = one.aya.server(server.address)
    assert after["connects"] == before["connects"] == 1
    assert after["requests"]["2xx"] == 8


def test_servers_of_a_changed_pool_keep_their_connections(site, upstream, client):
    server = upstream()
    one = site(server, workers=1)
    kept = client(one.port)
    assert kept.get().status == 200
    one.reload(server, upstream(), workers=1, pool={"timeouts": {"response": "7s"}})
    for _ in range(6):
        assert kept.get().status == 200
    assert one.aya.server(server.address)["connects"] == 1


def test_health_is_known_after_a_reload(site, process, port):
    """A server that is down gets no request because a reload forgot it."""
    a, b = process("a"), process("b")
    health = {"http": "/", "interval": "100ms", "timeout": "100ms", "fall": 2}
    one = site(a, b, pool={"health": health})
    b.kill()
    one.aya.wait_for_state(b.address, "down")
    c = process("c")
    one.reload(a, b, c, pool={"health": health})
    after = one.aya.server(b.address)
    assert after["state"] == "down" and after["reason"].startswith("connection refused"), after
    assert {ask(one.port).body for _ in range(12)} == {b"a", b"c"}


def test_ejection_outlasts_a_reload(site, process, port):
    a = process("a")
    dead = f"127.0.0.1:{port()}"
    pool = {"outliers": {"consecutive_failures": 2, "eject_for": "60s"}}
    one = site(a, dead, pool=pool)
    wait_until(lambda: ask(one.port) and one.aya.server(dead)["state"] == "ejected", what="the ejection")
    one.reload(a, dead, process("b"), pool=pool)
    assert one.aya.server(dead)["state"] == "ejected"
    connects = one.aya.server(dead)["connects"]
    for _ in range(12):
        assert ask(one.port).status == 200
    assert one.aya.server(dead)["connects"] == connects


def test_exchange_in_flight_ends_on_its_removed_server(site, upstream, client):
    def slow(exchange):
        exchange.read_body()
        time.sleep(1)
        exchange.respond(body=b"slow")

    one = site(upstream(slow))
    kept = client(one.port)
    kept.send_request()
    time.sleep(0.2)
    one.reload(upstream())
    response = kept.response()
    assert response.status == 200 and response.body == b"slow"
    assert kept.get().status == 200


@pytest.mark.parametrize("wrong, code", [
    ({"pool": {"balance": "fastest"}}, 3),
    ({"access_log": {"format": "json", "file": "/nowhere/access.log"}}, 1),
])
def test_failed_reload_changes_nothing(site, upstream, client, wrong, code):
    server = upstream()
    one = site(server)
    kept = client(one.port)
    assert kept.get().status == 200
    report = one.reload(server, expect=code, **wrong)
    assert report["problems"], report
    assert kept.get().status == 200 and ask(one.port).status == 200
    assert one.aya.status()["generation"] == 1
    assert one.reload(server, routes={"all": {"pool": "main"}, "x": {"path": "/x", "respond": {"status": 204}}})[
        "generation"] == 2


def test_address_in_use_changes_nothing(site, upstream, port, relay):
    taken = relay(lambda server, connection: None)
    server = upstream()
    one = site(server)
    free = port()
    report = one.reload(server, expect=1, listeners={
        "web": {"bind": f"127.0.0.1:{one.port}"}, "a": {"bind": f"127.0.0.1:{free}"},
        "b": {"bind": taken.address}})
    assert "can not listen" in report["problems"][0]
    assert ask(one.port).status == 200
    with pytest.raises(OSError):
        ask(free, timeout=1)


def test_listeners_come_and_go(site, upstream, port, client):
    server = upstream()
    one = site(server)
    kept = client(one.port)
    assert kept.get().status == 200
    other = port()
    one.reload(server, listeners={"other": {"bind": f"127.0.0.1:{other}"}})
    assert ask(other).status == 200
    assert kept.ends(), "a kept connection of a listener that is gone ends between two exchanges"
    with pytest.raises(OSError):
        ask(one.port, timeout=1)
    assert [listener["name"] for listener in one.aya.status()["listeners"]] == ["other"]


def test_listener_changes_its_name_and_keeps_its_port(site, upstream):
    server = upstream()
    one = site(server)
    with OpenLoop(one.port, rate=100, seconds=2, clients=4) as load:
        time.sleep(0.8)
        one.reload(server, listeners={"renamed": {"bind": f"127.0.0.1:{one.port}"}})
    assert not load.result["problems"]
    assert [listener["name"] for listener in one.aya.status()["listeners"]] == ["renamed"]


def test_limits_of_a_listener_change_for_open_connections(site, upstream, client):
    server = upstream()
    one = site(server)
    kept = client(one.port)
    assert kept.request("POST", body=b"x" * 2000).status == 200
    one.reload(server, listeners={"web": {"bind": f"127.0.0.1:{one.port}", "limits": {"body": "1KiB"}}})
    assert kept.request("POST", body=b"x" * 2000).status == 413


def test_sighup_reloads(site, upstream):
    server = upstream()
    one = site(server)
    one.aya.write(one.text(server, routes={"all": {"pool": "main"}, "x": {"path": "/x", "respond": {"status": 299}}}))
    one.aya.process.send_signal(signal.SIGHUP)
    wait_until(lambda: ask(one.port, target="/x").status == 299, what="the new route")
    wait_until(lambda: "configuration applied" in one.aya.stderr, what="a line about it")


def test_tcp_session_survives(start, relay, port, client):
    def echo(server, connection):
        while data := connection.recv(65536):
            connection.sendall(data)

    first, second, listening = relay(echo), relay(echo), port()

    def text(server):
        return {"listeners": {"db": {"bind": f"127.0.0.1:{listening}", "protocol": "tcp", "pool": "main"}},
                "pools": {"main": {"servers": [server.address]}}, "admin": {"bind": f"127.0.0.1:{admin}"}}

    admin = port()
    aya = start(text(first))
    aya.admin = admin
    aya.wait_ready()
    one = client(listening)
    one.send(b"hello")
    assert one.stream.exactly(5) == b"hello"
    aya.write(text(second))
    assert run("reload", "--admin", f"127.0.0.1:{admin}").returncode == 0
    one.send(b"still")
    assert one.stream.exactly(5) == b"still"
    other = client(listening)
    other.send(b"other")
    assert other.stream.exactly(5) == b"other"


def test_many_reloads_under_load(site, process):
    """Routes, servers, timeouts and listeners change twenty times beneath keep-alive clients: nothing fails, nothing is
    reset, and memory does not grow with the reloads."""
    servers = [process(name) for name in "abc"]
    one = site(servers[0], servers[1])
    sizes = []
    with OpenLoop(one.port, rate=400, seconds=8, clients=32) as load:
        time.sleep(1.5)
        for number in range(20):
            chosen = [servers[number % 3], servers[(number + 1) % 3]]
            report = one.reload(
                *chosen, pool={"timeouts": {"response": f"{10 + number}s"}},
                routes={"all": {"pool": "main"}, f"r{number}": {"path": f"/r{number}", "respond": {"status": 204}}})
            assert report["generation"] == number + 2
            sizes.append(one.aya.resident_bytes)
            time.sleep(0.15)
    assert not load.result["problems"], load.result["problems"][:3]
    assert len(load.result["latencies"]) >= 400 * 8 * 0.95
    assert set(load.result["bodies"]) == {"a", "b", "c"}
    assert sizes[-1] - sizes[4] < 4 << 20, sizes


def test_answers_of_stalling_exchanges_hold_no_generation(site, upstream, client):
    """Connections that wait are no reason for memory to grow, nor descriptors."""
    server = upstream(stalling)
    one = site(server)
    waiting = [client(one.port) for _ in range(20)]
    for each in waiting:
        each.send_request()
    time.sleep(0.2)
    before = one.aya.descriptors
    for number in range(10):
        one.reload(server, pool={"idle_connections": 10 + number})
    assert one.aya.descriptors <= before + 2
    assert one.aya.status()["generation"] == 11


def served_certificate(port):
    return ssl.get_server_certificate(("127.0.0.1", port))


def test_certificates_are_read_again(site, upstream, tmp_path, port):
    server = upstream()
    certificate, key = make(str(tmp_path), "site.test")
    secure = port()
    listeners = {"tls": {"bind": f"127.0.0.1:{secure}", "tls": {
        "certificates": [{"cert": certificate, "key": key}]}}}
    one = site(server, listeners=listeners)
    first = served_certificate(secure)
    make(str(tmp_path), "site.test")
    report = one.reload(server, listeners=listeners)
    assert report["generation"] == 1, "nothing of the configuration has changed"
    wait_until(lambda: served_certificate(secure) != first, what="the new certificate")
    with open(certificate, "w") as file:
        file.write("nothing")
    report = one.reload(server, expect=1, listeners=listeners, pool={"timeouts": {"response": "3s"}})
    assert "site.test.pem" in report["problems"][0]
    assert one.aya.status()["generation"] == 1 and served_certificate(secure) != first


def test_pools_with_tls_keep_their_connections(site, upstream, client, tmp_path):
    server = upstream(context=server_context(str(tmp_path), "behind.test"))
    pool = {"tls": {"verify": "insecure"}}
    one = site(server, workers=1, pool=pool)
    kept = client(one.port)
    assert kept.get().status == 200
    one.reload(server, workers=1, pool=pool, routes={"all": {"pool": "main"}})
    one.reload(server, upstream(context=server_context(str(tmp_path), "other.test")), workers=1, pool=pool)
    for _ in range(6):
        assert kept.get().status == 200
    assert one.aya.server(server.address)["connects"] == 1


def test_streams_and_tunnels_go_on(site, process, upstream, client):
    """HTTP/2 clients keep their connections through reloads, and a WebSocket outlives the server's removal."""
    a, b, socket = process("a"), process("b"), upstream(accept_and_echo)
    sockets = {"ws": {"servers": [socket.address]}}

    def settings(number, *servers, with_sockets=True):
        pools = {"main": {"servers": [one.address for one in servers], "balance": "round_robin",
                          "timeouts": {"response": f"{10 + number}s"}}, **(sockets if with_sockets else {})}
        routes = {"all": {"pool": "main"}, **({"ws": {"path": "/socket", "pool": "ws"}} if with_sockets else {})}
        return {"pools": pools, "routes": routes}

    one = site(**settings(0, a))
    tunnel = upgraded(client, one)
    with Steady2(one.port, clients=4) as load:
        time.sleep(0.5)
        for number in range(8):
            one.reload(**settings(number, *([a, b] if number % 2 else [b]), with_sockets=number < 4))
            time.sleep(0.15)
    assert not load.problems and load.answered > 100, load.problems[:3]
    assert load.connections == 4, "nobody was told to go away"
    tunnel.send(b"still")
    assert tunnel.stream.exactly(5) == b"still"
