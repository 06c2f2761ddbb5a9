"""Under a service manager: what it is told, sockets that it opened, and what the process gives up."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import time

import pytest
from support import threads
from support.aya import ROOT, Aya, run, wait_until
from support.client import ask
from support.site import Site

UNIT = os.path.join(ROOT, "packaging/systemd/aya.service")
root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


class Manager:
    """The other end of sd_notify(3)."""

    def __init__(self, directory):
        self.path = str(directory / "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)

    def next(self, timeout=10):
        self.socket.settimeout(timeout)
        return dict(line.split("=", 1) for line in self.socket.recv(4096).decode().splitlines())

    def drain(self):
        """Takes what has come."""
        self.socket.settimeout(0)
        with contextlib.suppress(BlockingIOError):
            while True:
                self.socket.recv(4096)

    def is_silent_for(self, seconds):
        try:
            self.next(seconds)
            return False
        except TimeoutError:
            return True

    def until(self, key, timeout=10):
        deadline = time.monotonic() + timeout
        while key not in (message := self.next(deadline - time.monotonic())):
            pass
        return message


@pytest.fixture
def manager(tmp_path):
    one = Manager(tmp_path)
    yield one
    one.socket.close()


@pytest.fixture
def supervised(tmp_path, port, upstream, manager, monkeypatch):
    """A function that starts Aya for a manager."""
    monkeypatch.setenv("NOTIFY_SOCKET", manager.path)
    started = []

    def start(configuration=None, **settings):
        directory = tmp_path / f"aya{len(started)}"
        directory.mkdir()
        one = Aya(directory, configuration or {
            "listeners": {"web": {"bind": f"127.0.0.1:{port()}"}}, "pools": {"main": {"servers": [upstream().address]}},
            "workers": 2}, **settings)
        started.append(one)
        return one

    yield start
    for one in started:
        one.stop()


def test_what_a_manager_is_told(supervised, manager):
    one = supervised()
    assert manager.until("READY") == {"READY": "1", "STATUS": "Serving generation 1"}
    before = time.monotonic()
    one.process.send_signal(signal.SIGHUP)
    message = manager.until("RELOADING")
    assert abs(int(message["MONOTONIC_USEC"]) / 1e6 - before) < 5
    manager.until("READY")
    one.terminate()
    message = manager.until("STOPPING")
    assert message["EXTEND_TIMEOUT_USEC"] == "11000000"
    assert one.wait() == 0


def test_the_watchdog_is_fed_while_workers_answer(supervised, manager, monkeypatch):
    monkeypatch.setenv("WATCHDOG_USEC", "600000")
    one = supervised()
    manager.until("WATCHDOG")
    times = []
    for _ in range(5):
        manager.until("WATCHDOG")
        times.append(time.monotonic())
    assert times[-1] - times[0] < 4 * 0.6
    one.process.send_signal(signal.SIGSTOP)
    time.sleep(0.3)
    manager.socket.setblocking(False)
    with pytest.raises(BlockingIOError):
        while True:
            manager.socket.recv(4096)
    one.process.send_signal(signal.SIGCONT)
    manager.until("WATCHDOG")


@pytest.mark.timeout(240)
def test_a_worker_that_hangs(supervised, manager, monkeypatch):
    """One thread is stopped, which no signal can: it is noticed everywhere, and everything else goes on."""
    monkeypatch.setenv("WATCHDOG_USEC", "600000")
    one = supervised()
    wait_until(lambda: one.metric("aya_workers_silent") == 0, 10, "the metric")
    with threads.stopped(one.process.pid, "aya-1"):
        wait_until(lambda: one.status()["silent_workers"] == [1], 90, "its silence being noticed")
        health = ask(one.admin, target="/healthz", host="localhost")
        assert health.status == 503 and health.body == b"worker 1 does not answer\n"
        assert one.metric("aya_workers_silent") == 1 and one.metric("aya_workers") == 2
        assert "a worker does not answer" in one.stderr
        shown = run("status", "--admin", f"127.0.0.1:{one.admin}")
        assert "worker 1 does not answer" in shown.stdout
        assert "worker 1 does not answer" in run("top", "--once", "--admin", f"127.0.0.1:{one.admin}").stdout
        assert run("explain", "--admin", f"127.0.0.1:{one.admin}", "GET http://x/").returncode == 0
        for command in ("reload", "upgrade"):
            ran = run(command, "--admin", f"127.0.0.1:{one.admin}")
            assert ran.returncode == 1 and "worker 1 does not answer" in ran.stderr, ran.stderr
        # The manager hears nothing more, and starts it anew.
        manager.drain()
        assert manager.is_silent_for(2)
    wait_until(lambda: one.status()["silent_workers"] == [], 30, "its answer")
    assert ask(one.admin, target="/healthz", host="localhost").status == 200
    assert one.metric("aya_workers_silent") == 0
    manager.until("WATCHDOG")
    wait_until(lambda: "a worker answers again" in one.stderr, 10, "the notice")
    assert run("reload", "--admin", f"127.0.0.1:{one.admin}").returncode == 0


def test_the_main_process_changes_with_an_upgrade(supervised, manager):
    one = supervised()
    manager.until("READY")
    done = run("upgrade", "--admin", f"127.0.0.1:{one.admin}")
    assert done.returncode == 0, done
    successor = int(done.stdout.split()[1])
    try:
        told = [manager.next() for _ in range(2)]
        assert any(message.get("READY") == "1" for message in told), told
        assert any(message.get("MAINPID") == str(successor) for message in told), told
        assert one.wait() == 0
        manager.socket.setblocking(False)
        try:
            while True:
                assert b"STOPPING" not in manager.socket.recv(4096)
        except BlockingIOError:
            pass
    finally:
        os.kill(successor, signal.SIGTERM)
        one.draining = True


def activation(sockets, names):
    """Has a process find these sockets from descriptor 3 on."""

    def prepare():
        copies = [os.dup2(one.fileno(), 100 + index) for index, one in enumerate(sockets)]
        for index, copy in enumerate(copies):
            os.dup2(copy, 3 + index)
            os.set_inheritable(3 + index, True)
        os.environ["LISTEN_PID"] = str(os.getpid())
        os.environ["LISTEN_FDS"] = str(len(sockets))
        os.environ["LISTEN_FDNAMES"] = ":".join(names)

    return prepare


def test_sockets_that_a_manager_opened(supervised, upstream):
    by_name, by_address = (socket.create_server(("127.0.0.1", 0), backlog=100) for _ in range(2))
    named, addressed = by_name.getsockname()[1], by_address.getsockname()[1]
    one = supervised({
        "listeners": {
            # Bound elsewhere by the manager, on purpose.
            "web": {"bind": "127.0.0.1:1"}, "other": {"bind": f"127.0.0.1:{addressed}"}},
        "pools": {"main": {"servers": [upstream().address]}}, "workers": 2,
    }, prepare=activation([by_name, by_address], ["web", "connection"]), close_fds=False)
    for one_socket in (by_name, by_address):
        one_socket.close()
    for _ in range(10):
        assert ask(named).status == 200 and ask(addressed).status == 200
    assert one.status()["listeners"][1]["address"] == f"127.0.0.1:{named}"


def facts(process):
    with open(f"/proc/{process}/status") as file:
        return dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)


def test_what_the_process_gives_up(start, port, upstream):
    one = Site(start, port, upstream())
    told = facts(one.aya.process.pid)
    assert told["Name"] == "aya"
    assert told["NoNewPrivs"] == "1" and told["Seccomp"] == "2"
    assert ask(one.port).status == 200
    # Every thread of it.
    for thread in os.listdir(f"/proc/{one.aya.process.pid}/task"):
        assert facts(thread)["Seccomp"] == "2" and facts(thread)["NoNewPrivs"] == "1"


def test_it_can_stay_as_it_is(start, port, upstream):
    one = Site(start, port, upstream(), process={"seccomp": "off", "landlock": "off"})
    told = facts(one.aya.process.pid)
    assert told["NoNewPrivs"] == "0" and told["Seccomp"] == "0"


@root
def test_another_user(tmp_path, start, port, upstream):
    os.chmod(tmp_path, 0o777)
    for directory in tmp_path.parents:
        if str(directory).startswith("/tmp/"):
            os.chmod(directory, 0o755)
    low = next(candidate for candidate in range(600, 1000) if is_free(candidate))
    state = tmp_path / "state"
    state.mkdir()
    shutil.chown(state, "nobody")
    one = start({
        "listeners": {"web": {"bind": f"127.0.0.1:{low}"}}, "pools": {"main": {"servers": [upstream().address]}},
        "process": {"user": "nobody", "group": "nogroup"}, "state": str(state), "access_log": "off", "workers": 2})
    for thread in os.listdir(f"/proc/{one.process.pid}/task"):
        told = facts(thread)
        assert set(told["Uid"].split()) == {"65534"} and set(told["Gid"].split()) == {"65534"}
        assert int(told["CapEff"], 16) == int(told["CapPrm"], 16) == 1 << 10
    assert ask(low).status == 200
    assert os.listdir(state / "generations")
    one.may_have_ended = True
    done = run("upgrade", "--admin", f"127.0.0.1:{one.admin}")
    assert done.returncode == 0, done.stderr
    successor = int(done.stdout.split()[1])
    one.process.wait(10)
    assert ask(low).status == 200
    assert set(facts(successor)["Uid"].split()) == {"65534"}
    os.kill(successor, signal.SIGTERM)


def is_free(candidate):
    with socket.socket() as one:
        try:
            one.bind(("127.0.0.1", candidate))
            return True
        except OSError:
            return False


@pytest.mark.parametrize("process, reason", [
    ({"user": "no-such-user"}, "there is no user 'no-such-user'"),
    ({"user": "nobody", "group": "no-such-group"}, "there is no group 'no-such-group'")])
def test_a_user_that_can_not_be(tmp_path, port, process, reason):
    with pytest.raises(AssertionError) as caught:
        Aya(tmp_path, {"listeners": {"web": {"bind": f"127.0.0.1:{port()}"}}, "pools": {"main": {"servers": ["127.0.0.1:1"]}},
                       "process": process})
    assert reason in str(caught.value) and "ended with 1" in str(caught.value)


def test_only_its_own_files_are_written(tmp_path, start, port, upstream):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    server = upstream()
    one = Site(start, port, server)
    try:
        one.reload(server, access_log={"file": str(elsewhere / "access.log")}, expect=1)
    except AssertionError:
        # A kernel without Landlock.
        assert (elsewhere / "access.log").exists()
        pytest.skip("the kernel has no Landlock")
    assert not (elsewhere / "access.log").exists()
    free = Site(start, port, server, process={"landlock": "off"})
    free.reload(server, access_log={"file": str(elsewhere / "access.log")})
    assert (elsewhere / "access.log").exists()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not there")
def test_the_unit(tmp_path):
    version = int(re.search(r"systemd (\d+)", subprocess.check_output(["systemd-analyze", "--version"], text=True)).group(1))
    with open(UNIT) as file:
        text = file.read().replace("/usr/bin/aya", "/bin/true").replace("man:aya(1)", "https://example.com")
    # Younger than what some distributions have.
    text = text.replace("Type=notify-reload", "Type=notify-reload" if version >= 253 else "Type=notify")
    unit = tmp_path / "aya.service"
    unit.write_text(text)
    socket_unit = shutil.copy(os.path.join(ROOT, "packaging/systemd/aya-web.socket"), tmp_path)
    done = subprocess.run(["systemd-analyze", "verify", unit, socket_unit], capture_output=True, text=True)
    complaints = [line for line in done.stderr.splitlines() if str(tmp_path) in line or "aya" in line]
    assert not complaints, complaints
    done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=20", unit], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-300:]
