"""Another process takes over: no request is lost, what runs is finished, and one that fails changes nothing."""

import json
import os
import shutil
import signal
import ssl
import subprocess
import time

import pytest
from support import certificates
from support.aya import BINARY, wait_until
from support.client import Client, ask
from support.openloop import OpenLoop
from support.steady2 import Steady2
from support.upstream import answering
from support.site import Site
from test_upgrade import accept_and_echo, upgraded


class Upgradable(Site):
    """Runs a copy of the binary, which a test may replace; follows the process that serves."""

    def replace(self, bytes_or_path):
        """As packages do it: beside, then renamed."""
        beside = self.program + ".new"
        if isinstance(bytes_or_path, bytes):
            with open(beside, "wb") as file:
                file.write(bytes_or_path)
        else:
            shutil.copy(bytes_or_path, beside)
        os.chmod(beside, 0o755)
        os.rename(beside, self.program)


@pytest.fixture
def site(start, port, tmp_path, monkeypatch):
    """Whatever takes over is no child of the test's: it is ended by its number."""
    sites = []

    def make(*servers, **settings):
        program = str(tmp_path / "aya-program")
        shutil.copy(BINARY, program)
        monkeypatch.setattr("support.aya.BINARY", program)
        one = Upgradable(start, port, *servers, **settings)
        one.program = program
        one.aya.may_have_ended = True
        sites.append(one)
        return one

    yield make
    for one in sites:
        for process in processes(one.program):
            if process != one.aya.process.pid:
                os.kill(process, signal.SIGKILL)


def processes(program):
    """Those that run it, also as it was before it was replaced."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/cmdline", "rb") as file:
                if file.read().split(b"\0")[0] == program.encode():
                    found.append(int(name))
        except OSError:
            pass
    return found


def upgrade(one, expect=0):
    done = subprocess.run([BINARY, "upgrade", "--admin", f"127.0.0.1:{one.admin}", "--json"], capture_output=True,
                          text=True, timeout=90)
    assert done.returncode == expect, (done, one.aya.stderr)
    return json.loads(done.stdout)


def test_nothing_is_lost(site, process):
    """Three upgrades beneath keep-alive clients that ask whether or not they were answered."""
    servers = [process("a"), process("b")]
    one = site(*servers)
    before = one.aya.process.pid
    with OpenLoop(one.port, rate=300, seconds=9, clients=24) as load:
        time.sleep(1.5)
        for _ in range(3):
            upgrade(one)
            time.sleep(1.5)
    assert not load.result["problems"], load.result["problems"][:3]
    assert len(load.result["latencies"]) >= 300 * 9 * 0.95
    assert one.aya.wait(10) == 0, "the first process ends, as it has nothing left"
    wait_until(lambda: len(processes(one.program)) == 1, 10, "the end of all but the last")
    assert before not in processes(one.program)


def test_exchanges_and_sessions_are_finished_by_the_old_process(site, upstream, client):
    def slow(exchange):
        exchange.read_body()
        time.sleep(2)
        exchange.respond(body=b"slow")

    one = site(upstream(slow), drain={"grace": "100ms"})
    kept = client(one.port)
    kept.send_request()
    time.sleep(0.2)
    upgrade(one)
    response = kept.response()
    assert response.status == 200 and response.body == b"slow"
    assert response.get("connection").lower() == "close"
    assert one.aya.wait(10) == 0


def test_sessions_are_resumed_by_the_next_process(site, upstream, tmp_path):
    """Twice, so that keys are handed on that were handed over."""
    certificate, key = certificates.make(str(tmp_path), "localhost")
    one = site(upstream(answering()), listener={"tls": {"certificates": [{"cert": certificate, "key": key}]}})
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        context = certificates.client_context()
        context.minimum_version = context.maximum_version = version

        def connect(session=None):
            return Client(one.port, wrap=lambda plain: context.wrap_socket(
                plain, server_hostname="localhost", session=session))

        with connect() as first:
            assert first.get().status == 200
            session = first.socket.session
        upgrade(one)
        wait_until(lambda: len(processes(one.program)) == 1, 10, "the end of the one before")
        with connect(session) as again:
            assert again.get().status == 200 and again.socket.session_reused


def test_sigusr2(site, upstream):
    one = site(upstream())
    one.aya.process.send_signal(signal.SIGUSR2)
    assert one.aya.wait(15) == 0
    assert "another process has taken over" in one.aya.stderr
    assert ask(one.port).status == 200


def test_the_new_process_reads_the_configuration(site, upstream, port):
    server = upstream()
    one = site(server)
    other = port()
    one.aya.write(one.text(server, listeners={
        "web": {"bind": f"127.0.0.1:{one.port}"}, "other": {"bind": f"127.0.0.1:{other}"}}))
    upgrade(one)
    assert ask(other).status == 200 and ask(one.port).status == 200


@pytest.mark.parametrize("program, reason", [
    (b"#!/bin/sh\nexit 7\n", "ended with 7"), (b"#!/bin/sh\nkill -9 $$\n", "signal 9"), (b"nothing", "can not be started")])
def test_a_program_that_fails_changes_nothing(site, upstream, client, program, reason):
    one = site(upstream())
    kept = client(one.port)
    assert kept.get().status == 200
    one.replace(program)
    assert reason in upgrade(one, expect=1)["problems"][0]
    assert kept.get().status == 200 and ask(one.port).status == 200
    one.replace(BINARY)
    upgrade(one)
    assert ask(one.port).status == 200


def test_a_configuration_that_fails_changes_nothing(site, upstream, client):
    one = site(upstream())
    one.aya.write("listeners: { web: { bnid: 1 } }")
    assert "ended with 3" in upgrade(one, expect=1)["problems"][0]
    assert ask(one.port).status == 200


def test_unix_sockets_stay(site, upstream, tmp_path):
    path = str(tmp_path / "web.sock")
    one = site(upstream(), listeners={"web": {"bind": f"unix:{path}"}})
    assert ask(path).status == 200
    upgrade(one)
    assert one.aya.wait(10) == 0
    assert ask(path).status == 200


def test_datagrams_go_on(site, port, upstream):
    import socket
    listening, echo = port(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    echo.bind(("127.0.0.1", 0))
    echo.settimeout(5)
    one = site(upstream(), listeners={"log": {
        "bind": f"127.0.0.1:{listening}", "protocol": "udp", "pool": "echo"}}, pools={
        "echo": {"servers": [f"127.0.0.1:{echo.getsockname()[1]}"]}}, routes={})
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.connect(("127.0.0.1", listening))

    def trip(text):
        client.send(text)
        data, address = echo.recvfrom(100)
        assert data == text
        echo.sendto(b"to " + text, address)
        assert client.recv(100) == b"to " + text
        return address

    client.settimeout(5)
    known = trip(b"before")
    upgrade(one)
    one.aya.wait(10)
    for number in range(5):
        assert trip(b"%d" % number) == known, "the server sees the same flow"


def test_streams_and_tunnels_go_on(site, process, upstream, client):
    """HTTP/2 clients are told to go away and lose nothing; a WebSocket stays with the old process."""
    socket = upstream(accept_and_echo)
    one = site(process("a"), drain={"grace": "100ms"}, pools={
        "main": {"servers": [process("b").address]}, "ws": {"servers": [socket.address]}}, routes={
        "all": {"pool": "main"}, "ws": {"path": "/socket", "pool": "ws"}})
    tunnel = upgraded(client, one)
    with Steady2(one.port, clients=4) as load:
        time.sleep(0.5)
        for _ in range(2):
            upgrade(one)
            time.sleep(1.5)
    assert not load.problems and load.answered > 100, load.problems[:3]
    assert load.connections >= 8
    tunnel.send(b"still")
    assert tunnel.stream.exactly(5) == b"still"
    assert one.aya.running, "it has a tunnel to see to its end"
    tunnel.close()
    assert one.aya.wait(10) == 0
