"""Active health: servers die, freeze, flap and come back, and probes of every kind find out."""

import json
import os
import socket
import subprocess
import threading
import time

import pytest
from support.aya import BINARY, wait_until
from support.client import ask
from support.load import Load
from support.upstream import answering

QUICK = {"interval": "200ms", "timeout": "150ms", "rise": 2, "fall": 2}
PROBED = {**QUICK, "http": "/healthz"}
# So that what a test sees is the probes' doing alone.
UNWATCHED = {"outliers": "off"}


def test_kill_of_two_of_six_under_load(proxy, process):
    """No idempotent request fails, nobody asks the dead for long, and they come back gently."""
    servers = [process(name) for name in "abcdef"]
    aya = proxy(*servers, workers=2, pool={"health": PROBED, "slow_start": "1s", "retry": {"attempts": 3}})
    wait_until(lambda: aya.metric("aya_server_probes_total") >= 6)
    dead = servers[:2]
    with Load(aya.port) as load:
        time.sleep(0.5)
        for server in dead:
            server.kill()
        killed = time.monotonic()
        time.sleep(0.2)  # one interval
        failures = sum(aya.metric("aya_server_connect_failures_total", server=s.address) for s in dead)
        time.sleep(0.5)
        assert failures == sum(aya.metric("aya_server_connect_failures_total", server=s.address) for s in dead)
        for server in dead:
            assert "connection refused" in aya.wait_for_state(server.address, "down")["reason"]
        assert not load.bodies(killed + 0.2).keys() & {"a", "b"}
        for server in dead:
            server.start()
        back = time.monotonic()
        for server in dead:
            aya.wait_for_state(server.address, "available")
        time.sleep(0.5)
        wait_until(lambda: load.bodies(back).keys() >= {"a", "b"}, 10)
    assert load.failed == 0, (load.statuses, load.broken[:3])
    assert '"server is down"' in aya.stderr and '"server is up"' in aya.stderr


def test_all_down_and_back(proxy, process):
    servers = [process(name) for name in "ab"]
    aya = proxy(*servers, pool={"health": PROBED})
    for server in servers:
        server.kill()
    for server in servers:
        wait_until(lambda: "connection refused" in (aya.server(server.address)["reason"] or ""))
        aya.wait_for_state(server.address, "down")
    began = time.monotonic()
    response = ask(aya.port)
    assert response.status == 503 and response.json()["code"] == "no_server"
    assert time.monotonic() - began < 0.5
    assert aya.metric("aya_server_up") == 0
    servers[1].start()
    aya.wait_for_state(servers[1].address, "available")
    assert {ask(aya.port).body for _ in range(4)} == {b"b"}
    assert aya.metric("aya_server_up") == 1


def test_a_server_that_is_down_from_the_start(proxy, upstream, port):
    """The first probe decides: nobody waits for three."""
    gone = f"127.0.0.1:{port()}"
    aya = proxy(upstream(), gone, pool={"health": {"http": "/", "interval": "10s"}, **UNWATCHED})
    server = aya.wait_for_state(gone, "down", timeout=2)
    assert server["reason"] == "connection refused (first probe)"
    assert {ask(aya.port).status for _ in range(6)} == {200}
    assert aya.metric("aya_server_connect_failures_total", server=gone) <= 1


def test_a_frozen_server(proxy, process):
    """It accepts, as kernels do for processes that do not run, and never answers."""
    frozen, other = process("a"), process("b")
    aya = proxy(frozen, other, pool={"health": PROBED, **UNWATCHED})
    frozen.freeze()
    try:
        assert "no answer within 150ms" in aya.wait_for_state(frozen.address, "down")["reason"]
        assert {ask(aya.port).body for _ in range(4)} == {b"b"}
    finally:
        frozen.thaw()
    aya.wait_for_state(frozen.address, "available")


def test_single_bad_probes_do_not_count(proxy, upstream):
    """A server that fails every other probe is neither taken down nor brought up."""
    answers = iter(range(10**9))

    def flap(exchange):
        exchange.read_body()
        exchange.respond(200 if next(answers) % 2 else 500)

    flapping = upstream(flap, name="flapping")
    aya = proxy(upstream(), flapping, pool={"health": {**PROBED, "interval": "100ms", "timeout": "100ms"}, **UNWATCHED})
    # The first probe is bad, and decides.
    aya.wait_for_state(flapping.address, "down")
    wait_until(lambda: aya.metric("aya_server_probes_total", server=flapping.address) > 12)
    assert aya.server(flapping.address)["state"] == "down"
    assert aya.stderr.count("server is") == 1


def test_a_flapping_process_loses_nothing(proxy, process):
    stable, flapping = [process(name) for name in "ab"], process("c")
    aya = proxy(*stable, flapping, pool={"health": PROBED, "retry": {"attempts": 3}})
    with Load(aya.port, clients=4) as load:
        for _ in range(4):
            flapping.kill()
            time.sleep(0.3)
            flapping.start()
            time.sleep(0.3)
    assert load.failed == 0, (load.statuses, load.broken[:3])


def test_status_host_and_body(proxy, upstream):
    good, bad = upstream(answering(body=b'{"status":"up"}')), upstream(answering(body=b'{"status":"sick"}'))
    check = {"path": "/ready?deep=1", "host": "api.internal", "headers": {"x-probe": "1"}, "status": [200],
             "body": '"up"'}
    aya = proxy(good, bad, pool={"health": {**QUICK, "http": check}})
    assert "the body lacks" in aya.wait_for_state(bad.address, "down")["reason"]
    probe = wait_until(lambda: good.requests)[0]
    assert probe.target == "/ready?deep=1" and probe.get("host") == "api.internal" and probe.get("x-probe") == "1"
    good.behaviour = answering(503)
    aya.wait_for_state(good.address, "down")
    # Nobody is left. That is more likely the probe's fault: work goes on.
    assert ask(aya.port).status in (200, 503) and bad.requests
    assert ask(aya.port).get("content-type") != "application/problem+json"
    wait_until(lambda: aya.status()["pools"][0]["panic"])


def test_probe_on_another_port(proxy, upstream):
    server, watcher = upstream(), upstream(answering(500))
    aya = proxy(server, pool={"health": {**PROBED, "port": watcher.port}})
    assert "status 500" in aya.wait_for_state(server.address, "down")["reason"]
    assert not server.requests


def test_tcp_send_and_expect(start, port, relay):
    def redis(server, connection):
        if connection.recv(64) == b"PING\r\n":
            connection.sendall(b"+PONG\r\n" if server.name == "good" else b"-LOADING\r\n")

    good, bad = relay(redis, name="good"), relay(redis, name="bad")
    aya = start({
        "listeners": {"db": {"bind": f"127.0.0.1:{port()}", "protocol": "tcp", "pool": "main"}},
        "pools": {"main": {"servers": [good.address, bad.address],
                           "health": {**QUICK, "tcp": {"send": "PING\r\n", "expect": "+PONG"}}}}})
    assert aya.wait_for_state(bad.address, "down")["reason"].startswith("the answer lacks '+PONG'")
    assert aya.server(good.address)["state"] == "available"


def test_tcp_connect(proxy, process):
    a, b = process("a"), process("b")
    aya = proxy(a, b, pool={"health": {**QUICK, "tcp": {}}, **UNWATCHED})
    a.kill()
    assert "connection refused" in aya.wait_for_state(a.address, "down")["reason"]
    assert {ask(aya.port).body for _ in range(4)} == {b"b"}


def test_udp(start, port):
    """A UDP service that answers its probe, one that answers wrongly, one that is not there."""

    def serve(answer):
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        one.bind(("127.0.0.1", 0))

        def run():
            while True:
                try:
                    _, client = one.recvfrom(2048)
                    one.sendto(answer, client)
                except OSError:
                    return

        threading.Thread(target=run, daemon=True).start()
        return one, f"127.0.0.1:{one.getsockname()[1]}"

    (good, good_address), (wrong, wrong_address) = serve(b"pong"), serve(b"what?")
    gone = f"127.0.0.1:{port()}"
    aya = start({
        "listeners": {"dns": {"bind": f"127.0.0.1:{port()}", "protocol": "udp", "pool": "main"}},
        "pools": {"main": {"servers": [good_address, wrong_address, gone],
                           "health": {**QUICK, "udp": {"send": "ping", "expect": "pong"}, "panic": "0%"}}}})
    try:
        assert "connection refused" in aya.wait_for_state(gone, "down")["reason"]
        assert "the answer lacks 'pong'" in aya.wait_for_state(wrong_address, "down")["reason"]
        assert aya.server(good_address)["state"] == "available"
    finally:
        good.close()
        wrong.close()


def test_command(proxy, upstream, tmp_path):
    """A program decides; it is told the server, and its first line is the reason."""
    a, b = upstream(), upstream()
    script = tmp_path / "check.sh"
    script.write_text('#!/bin/sh\n[ -e "$1/$AYA_SERVER_PORT" ] || exit 0\necho "replication lags in $AYA_POOL"\nexit 2\n')
    script.chmod(0o755)
    aya = proxy(a, b, pool={"health": {**QUICK, "timeout": "200ms", "command": [str(script), str(tmp_path)]}})
    wait_until(lambda: aya.metric("aya_server_probes_total") >= 4)
    assert aya.metric("aya_server_up") == 2
    (tmp_path / str(b.port)).touch()
    assert "replication lags in main" in aya.wait_for_state(b.address, "down")["reason"]
    os.remove(tmp_path / str(b.port))
    aya.wait_for_state(b.address, "available")


def test_a_command_that_hangs_is_killed(proxy, upstream, tmp_path):
    script = tmp_path / "hang.sh"
    script.write_text(f"#!/bin/sh\necho $$ >> {tmp_path}/started\nsleep 60 &\nwait\n")
    script.chmod(0o755)
    server = upstream()
    aya = proxy(server, pool={"health": {**QUICK, "command": [str(script)]}})
    assert "did not end in time" in aya.wait_for_state(server.address, "down")["reason"]
    aya.may_have_ended = True
    assert aya.stop() == 0

    def alive():
        return [pid for pid in (tmp_path / "started").read_text().split() if os.path.exists(f"/proc/{pid}")]

    wait_until(lambda: not alive(), what="every command being gone")


@pytest.mark.skipif(os.geteuid() != 0, reason="needs CAP_NET_RAW or a ping group")
def test_icmp_that_is_not_permitted(tmp_path, port):
    """Nobody is judged, and the log says what is missing."""
    with open("/proc/sys/net/ipv4/ping_group_range") as file:
        first, last = map(int, file.read().split())
    if os.geteuid() != 0 or first <= os.getegid() <= last:
        pytest.skip("everybody, or nobody, may ping here whatever is taken from the process")
    path = tmp_path / "aya.yaml"
    path.write_text(f"""
listeners: {{ web: {{ bind: "127.0.0.1:{port()}" }} }}
pools: {{ main: {{ servers: ["127.0.0.1:{port()}"], health: {{ icmp: {{}} }} }} }}
""")
    bare = ["setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw"]
    process = subprocess.Popen([*bare, BINARY, "run", "-c", str(path)], stderr=subprocess.PIPE, text=True)
    try:
        lines = iter(process.stderr.readline, "")
        told = next(json.loads(line) for line in lines if "servers can not be probed" in line)
        assert told["reason"].startswith("ICMP is not permitted: give aya CAP_NET_RAW")
    finally:
        process.terminate()
        assert process.wait(10) == 0


def test_icmp(proxy, upstream):
    """The host answers; an address that nobody has does not (203.0.113.0/24, RFC 5737)."""
    server = upstream()
    aya = proxy(server, "203.0.113.1:80", pool={"health": {**QUICK, "icmp": {}}, **UNWATCHED})
    aya.wait_for_state("203.0.113.1:80", "down")
    wait_until(lambda: aya.metric("aya_server_probes_total", server=server.address) >= 3)
    assert aya.metric("aya_server_probe_failures_total", server=server.address) == 0
    assert aya.server(server.address)["state"] == "available"


def test_status_tells_when_and_why(proxy, upstream, port):
    gone = f"127.0.0.1:{port()}"
    aya = proxy(upstream(), gone, pool={"health": PROBED, **UNWATCHED})
    server = aya.wait_for_state(gone, "down")
    assert server["since"].startswith("20") and server["since"].endswith("Z")
    good = next(one for one in aya.status()["pools"][0]["servers"] if one["address"] != gone)
    assert good["state"] == "available" and good["reason"] is None


def test_many_servers_cost_little(start, port, upstream):
    """A thousand probes every other second are five hundred a second, on one thread."""
    servers = [upstream(answering(204)) for _ in range(4)]
    addresses = [f"127.0.{one // 250}.{one % 250 + 1}:{servers[0].port}" for one in range(4)]
    aya = start({
        "listeners": {"web": {"bind": f"127.0.0.1:{port()}"}},
        "pools": {"main": {"servers": [server.address for server in servers] + addresses[1:],
                           "health": {"http": "/", "interval": "50ms", "timeout": "50ms"}, **UNWATCHED}}})
    wait_until(lambda: aya.metric("aya_server_probes_total") > 100)
    assert aya.descriptors < 100
