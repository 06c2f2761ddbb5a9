"""Fixtures: each test gets its own Aya and its own servers, on ports that nobody else has, and ends them."""

import os
import subprocess
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

from support.aya import BINARY, Aya
from support.client import Client
from support.collector import Collector
from support.ports import reserve_port
from support.process import ServerProcess
from support.site import Site
from support.upstream import Relay, Upstream, echo


def pytest_configure(config):
    if not os.path.exists(BINARY):
        raise pytest.UsageError(f"{BINARY} is missing: make build")


@pytest.fixture
def port():
    """A function that gives a free port a call."""
    return reserve_port


@pytest.fixture
def upstream():
    """A function that starts an HTTP server with a behaviour."""
    started = []

    def start(behaviour=echo, **settings):
        server = Upstream(behaviour, **settings)
        started.append(server)
        return server

    yield start
    for server in started:
        server.stop()
    problems = [problem for server in started for problem in server.errors]
    assert not problems, f"an upstream met {problems!r}"


@pytest.fixture
def process():
    """A function that starts a server in a process of its own, which a test may kill."""
    started = []

    def start(name):
        server = ServerProcess(name)
        started.append(server)
        return server

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def relay():
    """A function that starts a TCP server with a behaviour."""
    started = []

    def start(behaviour, **settings):
        server = Relay(behaviour, **settings)
        started.append(server)
        return server

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def start(tmp_path, request):
    """A function that starts Aya. At the end it must still run, and end by SIGTERM with 0, unless the test ended it."""
    started = []

    def start_aya(configuration, **settings):
        directory = tmp_path / f"aya{len(started)}"
        directory.mkdir()
        aya = Aya(directory, configuration, **settings)
        started.append(aya)
        return aya

    yield start_aya
    for aya in started:
        ended_by_test = getattr(aya, "may_have_ended", False)
        alive = aya.running
        code = aya.stop()
        if aya.stderr:
            request.node.add_report_section("teardown", "aya", aya.stderr[-8000:])
        if not ended_by_test:
            assert alive, f"aya ended with {code} during the test:\n{aya.stderr}"
        assert code == 0, f"aya ended with {code}:\n{aya.stderr}"


@pytest.fixture
def proxy(start, port):
    """A function that starts Aya with one HTTP listener before some servers; `listener` and `pool` add keys, and
    `aya.port` is where to connect."""

    def start_proxy(*servers, listener=None, pool=None, **more):
        listening = port()
        configuration = {
            "listeners": {"web": {"bind": f"127.0.0.1:{listening}", **(listener or {})}},
            # In turn, so that a test can say who gets what; `balance` in `pool` overrides it.
            "pools": {"main": {"servers": [getattr(s, "address", s) for s in servers], "balance": "round_robin",
                               **(pool or {})}},
            **more,
        }
        aya = start(configuration)
        aya.port = listening
        return aya

    return start_proxy


@pytest.fixture
def client():
    """A function that connects; the connections are closed at the end."""
    opened = []

    def connect(address, **settings):
        one = Client(getattr(address, "port", address), **settings)
        opened.append(one)
        return one

    yield connect
    for one in opened:
        one.close()


@pytest.fixture
def site(start, port):
    """A function that starts an Aya whose configuration can be changed."""
    return lambda *servers, **settings: Site(start, port, *servers, **settings)


@pytest.fixture
def state(tmp_path):
    """A directory for what outlasts a restart."""
    directory = tmp_path / "state"
    directory.mkdir()
    return str(directory)


@pytest.fixture
def collector():
    """A function that starts a service which takes what Aya tells."""
    started = []

    def start(*arguments, **settings):
        started.append(Collector(*arguments, **settings))
        return started[-1]

    yield start
    for one in started:
        one.stop()


@pytest.fixture
def disk(tmp_path):
    """A function that gives a disk of so little room, such as `192k`."""
    mounted = []

    def mount(size):
        place = tmp_path / f"disk{len(mounted)}"
        place.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place], capture_output=True)
        if done.returncode != 0:
            pytest.skip("nothing can be mounted here")
        mounted.append(place)
        return place

    yield mount
    for place in mounted:
        subprocess.run(["umount", "-l", place], check=True)
