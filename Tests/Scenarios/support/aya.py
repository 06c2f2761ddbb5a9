"""The real binary, started with a configuration and watched until it ends."""

import json
import os
import re
import resource
import signal
import subprocess
import time

from .client import ask
from .message import Closed
from .ports import reserve_port

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__)))))
BINARY = os.environ.get("AYA_BIN") or os.path.join(ROOT, ".build/release/aya")


def wait_until(condition, timeout=5.0, what="the condition"):
    """Polls until `condition()` is true and returns its value."""
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come true within {timeout} s")
        time.sleep(0.02)


def run(*arguments, text=None, timeout=30, **settings):
    """A command of the binary that ends by itself."""
    return subprocess.run(
        [BINARY, *arguments], input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=timeout,
        **settings)


class Aya:
    """`aya run`, in a directory of its own. The configuration is a dictionary (written as JSON, which is YAML) or text;
    a dictionary gets an admin listener, an access log and a short drain unless it has them."""

    def __init__(self, directory, configuration, descriptors=None, ready=True, arguments=(), prepare=None, **spawning):
        self.directory = str(directory)
        self.log_path = os.path.join(self.directory, "access.log")
        self.stderr_path = os.path.join(self.directory, "stderr.log")
        self.configuration_path = os.path.join(self.directory, "aya.yaml")
        self.admin = None
        self.draining = False
        self.write(configuration)

        def prepare_process():
            if descriptors:
                resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))
            if prepare:
                prepare()

        with open(self.stderr_path, "wb") as stderr:
            self.process = subprocess.Popen(
                [BINARY, "run", "-c", self.configuration_path, *arguments], stdin=subprocess.DEVNULL, stdout=stderr,
                stderr=stderr, cwd=self.directory, preexec_fn=prepare_process, **spawning)
        if ready:
            self.wait_ready()

    def write(self, configuration):
        if isinstance(configuration, dict):
            configuration = dict(configuration)
            configuration.setdefault("workers", int(os.environ.get("AYA_WORKERS", 1)))
            configuration.setdefault("drain", {"grace": "1s"})
            configuration.setdefault("access_log", {"format": "json", "file": self.log_path})
            if "admin" not in configuration:
                self.admin = reserve_port()
                configuration["admin"] = {"bind": f"127.0.0.1:{self.admin}"}
            configuration = json.dumps(configuration, indent=1)
        with open(self.configuration_path, "w") as file:
            file.write(configuration)

    def wait_ready(self, timeout=15):
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"aya ended with {self.process.returncode}:\n{self.stderr}")
            if self.admin is None:
                return
            try:
                if ask(self.admin, target="/readyz", host="localhost", timeout=2).status == 200:
                    return
            except (OSError, Closed):
                pass
            time.sleep(0.02)
        raise AssertionError(f"aya is not ready after {timeout} s:\n{self.stderr}")

    @property
    def stderr(self):
        with open(self.stderr_path, errors="replace") as file:
            return file.read()

    @property
    def running(self):
        return self.process.poll() is None

    def terminate(self):
        self.draining = True
        self.process.send_signal(signal.SIGTERM)

    def wait(self, timeout=15):
        return self.process.wait(timeout)

    def stop(self, timeout=15):
        """SIGTERM, unless that came already (a second one means at once), and wait; the exit code."""
        if self.running and not self.draining:
            self.terminate()
        try:
            return self.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"aya did not end within {timeout} s of SIGTERM:\n{self.stderr}") from None

    def records(self, count=1, timeout=5):
        """The access records, once there are at least `count`."""
        try:
            return wait_until(lambda: (found := self._records()) and len(found) >= count and found, timeout)
        except AssertionError:
            raise AssertionError(f"{count} access records did not come; there are {self._records()}") from None

    def record(self, timeout=5, **wanted):
        """The one record whose keys have these values; `url_path="/x"` stands for `url.path`."""
        wanted = {key.replace("__", "."): value for key, value in wanted.items()}

        def find():
            return next((r for r in self._records() if all(r.get(k) == v for k, v in wanted.items())), None)

        return wait_until(find, timeout, f"an access record with {wanted}")

    def _records(self):
        if not os.path.exists(self.log_path):
            return []
        with open(self.log_path) as file:
            lines = file.read().split("\n")
        found = [json.loads(line) for line in lines[:-1]]
        return [record for record in found if record.get("aya.listener") != "admin"]  # our own questions

    def metrics(self):
        """{name{labels}: value} of /metrics"""
        response = ask(self.admin, target="/metrics", host="localhost")
        assert response.status == 200, response.head
        values = {}
        for line in response.body.decode().splitlines():
            if line and not line.startswith("#"):
                found = re.fullmatch(r"(\w+(?:\{.*\})?) (\S+)(?: \d+)?", line)
                assert found, f"metrics line {line!r}"
                values[found.group(1)] = float(found.group(2).replace("Inf", "inf"))
        return values

    def metric(self, name, **labels):
        """The sum over every series of `name` that has these labels."""
        total, found = 0.0, False
        for series, value in self.metrics().items():
            if series.split("{")[0] == name and all(f'{key}="{label}"' in series for key, label in labels.items()):
                total += value
                found = True
        assert found, f"no metric {name} {labels}"
        return total

    def status(self):
        """What /v1/status tells."""
        response = ask(self.admin, target="/v1/status", host="localhost")
        assert response.status == 200, response.head
        return response.json()

    def server(self, address, pool="main"):
        """What /v1/status tells of one server."""
        found = next(one for one in self.status()["pools"] if one["name"] == pool)
        return next(one for one in found["servers"] if one["address"] == address)

    def wait_for_state(self, address, state, timeout=5, pool="main"):
        """Waits until a server has that state, and returns what /v1/status tells of it."""
        wait_until(lambda: self.server(address, pool)["state"] == state, timeout, f"{address} being {state}")
        return self.server(address, pool)

    def status_field(self, field):
        with open(f"/proc/{self.process.pid}/status") as file:
            return int(re.search(rf"^{field}:\s+(\d+)", file.read(), re.M).group(1))

    @property
    def resident_bytes(self):
        return self.status_field("VmRSS") * 1024

    @property
    def peak_resident_bytes(self):
        return self.status_field("VmHWM") * 1024

    @property
    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))
