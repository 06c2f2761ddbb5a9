"""Out of descriptors: accepting pauses and goes on, nothing is lost, nothing crashes."""

import resource
import socket
import time

import pytest
from support.aya import wait_until
from support.client import ask
from support.message import Stream, read_response


@pytest.fixture
def many_descriptors():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 12_000:
        pytest.fail(f"needs 12,000 descriptors for the test itself; the limit is {hard}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_ten_thousand_connections_with_a_thousand_descriptors(start, upstream, port, many_descriptors):
    server, listening = upstream(), port()
    aya = start({
        "listeners": {"web": {"bind": f"127.0.0.1:{listening}", "timeouts": {"idle": "1s"}}},
        "pools": {"main": {"servers": [server.address]}}}, descriptors=1000)
    clients = []
    for _ in range(10_000):
        one = socket.socket()
        one.setblocking(False)
        one.connect_ex(("127.0.0.1", listening))
        clients.append(one)
    time.sleep(1)
    assert aya.running and aya.descriptors <= 1000
    assert ask(aya.admin, target="/healthz", host="localhost").status == 200, "the admin listener still answers"
    answered = 0
    # Every fortieth asks; the idle ones end after a second and make room.
    for one in clients[::40]:
        one.settimeout(60)
        try:
            one.sendall(b"GET / HTTP/1.1\r\nHost: aya.test\r\nConnection: close\r\n\r\n")
            answered += read_response(Stream(one)).status == 200
        except (OSError, Exception):
            pass  # it idled out before it asked
    for one in clients:
        one.close()
    assert aya.running
    assert wait_until(lambda: _serves(listening), 30, "service after the flood")
    assert answered > 0
    wait_until(lambda: aya.descriptors < 300, 10, "descriptors given back")
    assert aya.metric("aya_listener_accept_pauses_total") > 0
    assert "descriptor" in aya.stderr.lower()
    assert aya.stderr.count("\n") < 1000, "a flood must not fill the log"


def _serves(port):
    try:
        return ask(port, timeout=5).status == 200
    except Exception:
        return False


@pytest.mark.timeout(120)
def test_no_descriptor_for_the_server_side(start, upstream, port, client):
    """Clients take every descriptor: a request that finds none for its server gets 502 or 503, not silence."""
    server, listening = upstream(), port()
    aya = start({
        "listeners": {"web": {"bind": f"127.0.0.1:{listening}", "timeouts": {"idle": "60s"}}},
        "pools": {"main": {"servers": [server.address]}}}, descriptors=120)
    held = [client(listening, timeout=5) for _ in range(200)]
    time.sleep(0.5)
    statuses = []
    for one in held[:60]:
        try:
            one.send_request()
            statuses.append(one.response().status)
        except Exception:
            statuses.append(None)  # not accepted yet: it waits in the kernel's queue
            break
    assert set(statuses) <= {200, 502, 503, None}, statuses
    assert len(statuses) > 20, statuses
    for one in held:
        one.close()
    assert wait_until(lambda: _serves(listening), 20, "service afterwards")
    assert aya.running
