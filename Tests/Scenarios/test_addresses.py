"""IPv4, IPv6 and unix sockets, on both sides."""

import os
import socket
import tempfile

import pytest
from support.client import ask


@pytest.fixture
def socket_path():
    """Short: a unix path has at most 107 bytes."""
    folder = tempfile.mkdtemp(prefix="aya")
    yield os.path.join(folder, "s")
    for name in os.listdir(folder):
        os.unlink(os.path.join(folder, name))
    os.rmdir(folder)


def listening_on(start, bind, servers):
    return start({
        "listeners": {"web": {"bind": bind}}, "pools": {"main": {"servers": servers}}})


def test_ipv6(start, upstream, port):
    server, listening = upstream(address=("::1", port())), port()
    listening_on(start, f"[::1]:{listening}", [server.address])
    assert ask(("::1", listening)).status == 200
    assert server.requests[0].get("x-forwarded-for") == "::1"


def test_every_address(start, upstream, port):
    """`:8080` takes both families, and an IPv4 client is called by its IPv4 address."""
    server, listening = upstream(), port()
    listening_on(start, f":{listening}", [server.address])
    assert ask(("127.0.0.1", listening)).status == 200
    assert server.requests[0].get("x-forwarded-for") == "127.0.0.1"
    assert ask(("::1", listening)).status == 200
    assert server.requests[1].get("x-forwarded-for") == "::1"


def test_unix_listener(start, upstream, socket_path):
    server = upstream()
    aya = listening_on(start, f"unix:{socket_path}", [server.address])
    for number in range(3):
        assert ask(socket_path, target=f"/{number}").json()["target"] == f"/{number}"
    assert aya.stop() == 0
    aya.may_have_ended = True
    assert not os.path.exists(socket_path), "the socket goes with the listener"


def test_stale_unix_socket_is_replaced(start, upstream, socket_path):
    """What a killed process left behind does not keep the next from starting."""
    leftover = socket.socket(socket.AF_UNIX)
    leftover.bind(socket_path)
    leftover.close()
    server = upstream()
    listening_on(start, f"unix:{socket_path}", [server.address])
    assert ask(socket_path).status == 200


def test_abstract_unix_listener(start, upstream, port):
    server = upstream()
    name = f"@aya-scenario-{port()}"
    listening_on(start, f"unix:{name}", [server.address])
    assert ask(name).status == 200


def test_unix_server(proxy, upstream, socket_path):
    server = upstream(address=socket_path)
    aya = proxy(f"unix:{socket_path}")
    for _ in range(3):
        assert ask(aya.port).status == 200
    assert server.accepted == 1


def test_unix_server_that_is_missing(proxy, socket_path):
    response = ask(proxy(f"unix:{socket_path}").port)
    assert response.status == 502 and response.problem["code"] in ("connect_refused", "connect_failed")


def test_address_in_use(start, port):
    """Nothing is started when one listener can't be; the message names it; exit 1."""
    taken, free = port(), port()
    with socket.socket() as other:
        # Connections that an earlier Aya closed here may linger in TIME_WAIT.
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", taken))
        other.listen()
        aya = start({
            "listeners": {"free": {"bind": f"127.0.0.1:{free}"}, "taken": {"bind": f"127.0.0.1:{taken}"}},
            "pools": {"main": {"servers": ["127.0.0.1:1"]}}}, ready=False)
        aya.may_have_ended = True
        code = aya.wait(10)
    assert code == 1
    assert str(taken) in aya.stderr
    aya.stop = lambda: 0
