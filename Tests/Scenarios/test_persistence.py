"""Clients stay with the server they were given first, as long as it can serve them."""

import re
import socket
import string
import threading
import time
from collections import Counter

import pytest
from support.aya import wait_until
from support.client import Client, ask
from support.upstream import answering

SECRET = "a secret of these tests"
LETTERS = string.ascii_letters + string.digits + "-_"


def with_cookie(cookie, **headers):
    return {"Cookie": cookie, **headers} if cookie else headers


def cookie_of(response, name="aya_session"):
    """`name=value` of the cookie that a response sets, if it does."""
    lines = [value for key, value in response.headers if key.lower() == "set-cookie" and value.startswith(name + "=")]
    assert len(lines) <= 1
    return lines[0].split(";")[0] if lines else None


def server_of(response):
    return response.json()["server"]


def visit(aya, cookie=None, **headers):
    response = ask(aya.port, headers=with_cookie(cookie, **headers))
    assert response.status == 200
    return server_of(response), cookie_of(response)


def end(aya):
    aya.may_have_ended = True
    assert aya.stop() == 0


@pytest.fixture
def persistent(proxy):
    def start_persistent(*servers, persistence=None, **more):
        pool = {"persistence": persistence or {"cookie": {"secret": SECRET}}, "outliers": "off", **more.pop("pool", {})}
        return proxy(*servers, pool=pool, **more)

    return start_persistent


def test_a_cookie_keeps_the_client(persistent, upstream):
    aya = persistent(*(upstream(name=name) for name in "abc"))
    for _ in range(6):
        server, cookie = visit(aya)
        assert cookie
        for _ in range(5):
            assert visit(aya, f"other=1; {cookie}; more=2") == (server, None), "it stays, and nothing is set anew"


def test_the_cookie_is_opaque_and_guarded(persistent, upstream):
    server = upstream(name="a")
    aya = persistent(server)
    responses = [ask(aya.port) for _ in range(2)]
    lines = [value for r in responses for key, value in r.headers if key.lower() == "set-cookie"]
    for line in lines:
        assert re.fullmatch(r"aya_session=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Lax", line)
        assert str(server.port) not in line
    assert lines[0] != lines[1], "two clients of one server can't tell that they share it"


def test_a_forged_cookie_is_no_cookie(persistent, upstream):
    aya = persistent(*(upstream(name=name) for name in "abcd"))
    _, cookie = visit(aya)
    name, value = cookie.split("=")
    wrong = [f"{name}={value[:position]}{LETTERS[(LETTERS.index(value[position]) + 1) % 64]}{value[position + 1:]}"
             for position in (0, 20, 42)]
    wrong += [f"{name}=", f"{name}={value[:-1]}", f"{name}={value}A", f"{name}=127.0.0.1:80", f"{name}={'A' * 4000}"]
    for forged in wrong:
        servers = Counter()
        for _ in range(4):
            server, fresh = visit(aya, forged)
            servers[server] += 1
            assert fresh, f"{forged[:60]} was believed"
        assert len(servers) == 4, "it is balanced like any other new client"


def test_the_next_server_is_remembered(persistent, upstream):
    servers = {name: upstream(name=name) for name in "abc"}
    aya = persistent(*servers.values())
    first, cookie = visit(aya)
    servers[first].stop()
    second, moved = visit(aya, cookie)
    assert second != first and moved
    for _ in range(4):
        assert visit(aya, moved) == (second, None)


def test_cookies_outlast_a_restart_and_a_change_of_servers(persistent, upstream, tmp_path):
    """The server is meant, not its place in the list."""
    servers = [upstream(name=name) for name in "abc"]
    aya = persistent(*servers)
    cookies = {}
    while len(cookies) < 3:
        server, cookie = visit(aya)
        cookies[server] = cookie
    end(aya)
    again = persistent(upstream(name="new"), *reversed(servers[1:]))
    for name in "bc":
        for _ in range(3):
            assert visit(again, cookies[name]) == (name, None)
    server, fresh = visit(again, cookies["a"])
    assert server != "a" and fresh, "a server that is gone has no clients"


def test_the_key_is_kept_over_a_restart(persistent, upstream, tmp_path):
    state = tmp_path / "state"
    state.mkdir()
    servers = [upstream(name=name) for name in "abc"]
    settings = dict(persistence={"cookie": "where"}, state=str(state))
    aya = persistent(*servers, **settings)
    response = ask(aya.port)
    server, cookie = server_of(response), cookie_of(response, "where")
    end(aya)
    again = persistent(*servers, **settings)
    for _ in range(4):
        response = ask(again.port, headers={"Cookie": cookie})
        assert (server_of(response), cookie_of(response, "where")) == (server, None)
    assert (state / "persistence.key").stat().st_mode & 0o777 == 0o600


def test_without_a_place_for_the_key_there_is_a_notice(persistent, upstream):
    aya = persistent(upstream(), persistence={"cookie": "where"}, state="/nonexistent/aya")
    assert "will not outlast a restart" in aya.stderr
    assert ask(aya.port).status == 200


def test_a_server_of_weight_0_keeps_its_clients(persistent, upstream):
    servers = [upstream(name=name) for name in "ab"]
    aya = persistent(*servers)
    cookies = {}
    while len(cookies) < 2:
        server, cookie = visit(aya)
        cookies[server] = cookie
    end(aya)
    again = persistent({"address": servers[0].address, "weight": 0}, servers[1])
    for _ in range(4):
        assert visit(again, cookies["a"]) == ("a", None)
        assert visit(again)[0] == "b"


def test_an_aging_cookie_is_renewed(persistent, upstream):
    aya = persistent(upstream(name="a"), upstream(name="b"),
                     persistence={"cookie": {"secret": SECRET, "max_age": "4s"}})
    response = ask(aya.port)
    assert "; Max-Age=4; Path=/" in dict((k.lower(), v) for k, v in response.headers)["set-cookie"]
    server, cookie = server_of(response), cookie_of(response)
    assert visit(aya, cookie) == (server, None)
    time.sleep(3.1)
    again, renewed = visit(aya, cookie)
    assert again == server and renewed and renewed != cookie
    time.sleep(3)
    assert visit(aya, cookie)[1], "it is too old"
    assert visit(aya, renewed)[0] == server


def test_following_the_applications_cookie(persistent, upstream):
    """The cookie of the application tells its clients apart; one that it never set is nobody's."""

    def application(exchange):
        exchange.read_body()
        name = exchange.upstream.name
        known = any(f"sid={name}" in value for value in exchange.request.all("cookie"))
        headers = [] if known else [("Set-Cookie", "theme=dark; Path=/"),
                                    ("Set-Cookie", f"sid={name}-{exchange.connection_number}; Path=/; HttpOnly")]
        exchange.respond(headers=headers, body=b'{"server": "%s"}' % name.encode())

    servers = {name: upstream(application, name=name) for name in "abc"}
    aya = persistent(*servers.values(), persistence={"cookie": {"name": "sid", "mode": "follow"}})
    visits = []
    for _ in range(6):
        response = ask(aya.port)
        visits.append((server_of(response), cookie_of(response, "sid")))
    for server, cookie in visits:
        for _ in range(2):
            response = ask(aya.port, headers={"Cookie": cookie})
            assert (server_of(response), cookie_of(response, "sid")) == (server, None)
    assert len({server_of(ask(aya.port, headers={"Cookie": "sid=made-up"})) for _ in range(6)}) == 3


@pytest.mark.parametrize("persistence, place", [
    ({"header": "X-User"}, lambda user: dict(headers={"x-user": user})),
    ({"query": "session"}, lambda user: dict(target=f"/x?a=1&session={user}")),
])
def test_by_a_value_of_the_request(persistent, upstream, persistence, place):
    servers = {name: upstream(name=name) for name in "abc"}
    aya = persistent(*servers.values(), persistence=persistence)
    homes = {f"user{number}": server_of(ask(aya.port, **place(f"user{number}"))) for number in range(9)}
    assert len(set(homes.values())) == 3
    for user, home in homes.items():
        assert {server_of(ask(aya.port, **place(user))) for _ in range(3)} == {home}
    # Requests without the value are balanced.
    assert len({server_of(ask(aya.port)) for _ in range(6)}) == 3
    servers["a"].stop()
    moved = {user: server_of(ask(aya.port, **place(user))) for user, home in homes.items() if home == "a"}
    for user, home in moved.items():
        assert home != "a"
        assert {server_of(ask(aya.port, **place(user))) for _ in range(3)} == {home}


def test_by_address_on_every_worker(persistent, upstream):
    """The clients of a trusted proxy are told apart by what it says; all workers know the same."""
    aya = persistent(*(upstream(name=name) for name in "abc"), persistence={"source_ip": {}}, workers=3,
                     listener={"trusted_proxies": ["127.0.0.1"]})
    homes = {}
    for number in range(12):
        address = f"192.0.2.{number}"
        homes[address] = server_of(ask(aya.port, headers={"X-Forwarded-For": address}))
    assert len(set(homes.values())) == 3
    for address, home in homes.items():
        assert {server_of(ask(aya.port, headers={"X-Forwarded-For": address})) for _ in range(5)} == {home}
    assert len({server_of(ask(aya.port)) for _ in range(5)}) == 1


def test_a_full_server_lends_its_client(persistent, upstream):
    """While its server is at its limit a client is served by another, but it does not move."""

    def slow(exchange):
        exchange.read_body()
        if exchange.request.target == "/slow":
            time.sleep(1)
        exchange.respond(body=b'{"server": "%s"}' % exchange.upstream.name.encode())

    a, b = upstream(slow, name="a"), upstream(slow, name="b")
    aya = persistent({"address": a.address, "max_connections": 1}, b)
    cookies = {}
    while len(cookies) < 2:
        server, cookie = visit(aya)
        cookies[server] = cookie
    with Client(aya.port) as busy:
        busy.send_request("GET", "/slow", headers={"Cookie": cookies["a"]})
        time.sleep(0.2)
        assert visit(aya, cookies["a"]) == ("b", None)
        assert server_of(busy.response()) == "a"
    wait_until(lambda: visit(aya, cookies["a"])[0] == "a", what="the way back")


def test_a_client_stays_in_its_share_of_a_split(start, port, upstream):
    servers = [upstream(name=name) for name in ("web1", "web2", "canary1", "canary2")]

    def split(web, canary):
        listening = port()
        persistence = {"cookie": {"secret": SECRET}}
        aya = start({
            "listeners": {"front": {"bind": f"127.0.0.1:{listening}"}},
            "routes": {"all": {"pool": {"web": web, "canary": canary}}},
            "pools": {"web": {"servers": [s.address for s in servers[:2]], "persistence": persistence},
                      "canary": {"servers": [s.address for s in servers[2:]], "persistence": persistence}},
        })
        aya.port = listening
        return aya

    aya = split(1, 1)
    homes = [visit(aya) for _ in range(8)]
    assert len({server for server, _ in homes}) == 4
    for server, cookie in homes:
        for _ in range(3):
            assert visit(aya, cookie) == (server, None)
    end(aya)
    switched = split(0, 1)
    for server, cookie in homes:
        now, fresh = visit(switched, cookie)
        assert now == server and not fresh if server.startswith("canary") else now.startswith("canary") and fresh


def test_answers_without_a_body_carry_the_cookie(persistent, upstream):
    aya = persistent(upstream(answering(204)))
    response = ask(aya.port)
    assert response.status == 204 and cookie_of(response)


def test_sessions_of_one_address(start, port, relay):
    def name(server, connection):
        connection.sendall(server.name.encode() + b"\n")
        connection.recv(1)

    listening = port()
    servers = {letter: relay(name, name=letter) for letter in "abc"}
    start({
        "listeners": {"db": {"bind": f"127.0.0.1:{listening}", "protocol": "tcp", "pool": "main"}},
        "pools": {"main": {"servers": [s.address for s in servers.values()], "persistence": {"source_ip": {}},
                           "outliers": "off"}},
    })

    def session():
        with Client(listening) as one:
            return one.stream.until(b"\n").decode()

    home = session()
    assert {session() for _ in range(6)} == {home}
    servers[home].stop()
    moved = session()
    assert moved != home and {session() for _ in range(6)} == {moved}


def test_flows_of_one_address(start, port):
    servers = []
    for _ in range(3):
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        server.bind(("127.0.0.1", port()))
        servers.append(server)

    def serve(server):
        try:
            while True:
                _, sender = server.recvfrom(100)
                server.sendto(str(server.getsockname()[1]).encode(), sender)
        except OSError:
            pass

    for server in servers:
        threading.Thread(target=serve, args=(server,), daemon=True).start()
    listening = port()
    start({
        "listeners": {"log": {"bind": f"127.0.0.1:{listening}", "protocol": "udp", "pool": "main"}},
        "pools": {"main": {"servers": [f"127.0.0.1:{s.getsockname()[1]}" for s in servers],
                           "persistence": {"source_ip": {}}}},
    })

    def flow(address):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.settimeout(5)
            one.bind((address, 0))
            one.sendto(b"hello", ("127.0.0.1", listening))
            return one.recv(100)

    homes = {address: flow(address) for address in ("127.0.0.1", "127.0.0.2", "127.0.0.3")}
    assert len(set(homes.values())) == 3
    for address, home in homes.items():
        assert {flow(address) for _ in range(4)} == {home}
    for server in servers:
        server.close()
