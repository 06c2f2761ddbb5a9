"""A load balancer under test: started through its `start` script, ready when a request gets through it."""

import http.client
import os
import shutil
import socket
import ssl
import subprocess
import time

from . import process
from .settings import CALL, PROXY_PORTS, SCRATCH, VENV, options, subject_directory

SUPPORT_EXIT = 77  # `start` exits with this when the subject does not have the mode


class Unsupported(Exception):
    """The subject did not start; `by_choice` when it says that it does not have what was asked for."""

    def __init__(self, message, by_choice=False):
        super().__init__(message)
        self.by_choice = by_choice


def port_is_free(port):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as probe:
            if kind == socket.SOCK_STREAM:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True


def ask_dns(port):
    header = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"
    question = b"\x03www\x07example\x04test\x00\x00\x01\x00\x01"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(0.3)
        client.connect(("127.0.0.1", port))
        client.send(header + question)
        answer = client.recv(512)
    assert answer[3] & 15 == 0 and answer[7] >= 1, f"dns rcode {answer[3] & 15} answers {answer[7]}"


class Subject:
    started = 0

    def __init__(
        self, label, name, mode, scenario, upstreams, algorithm="roundrobin", variant="", routes=None,
        reloading=False, host="localhost", probe="/b/77", extra_environment=None,
    ):
        self.label, self.name, self.mode, self.host, self.probe = label, name, mode, host, probe
        self.port = self._take_port()
        self.directory = f"{SCRATCH}/run-{os.getpid()}/{label}-{Subject.started}"
        shutil.rmtree(self.directory, ignore_errors=True)
        os.makedirs(self.directory)
        self.environment = dict(
            os.environ, SCENARIO=scenario, MODE=mode, LISTEN_ADDR="127.0.0.1", LISTEN_PORT=str(self.port),
            ADMIN_PORT=str(self.port + 4000), UPSTREAM_PORTS=" ".join(map(str, upstreams)), ALGO=algorithm,
            VARIANT=variant, WORKERS=str(options.workers), CERT=f"{SCRATCH}/cert.pem", KEY=f"{SCRATCH}/key.pem",
            RUNDIR=self.directory, RELOAD="1" if reloading else "0", PEERS_VENV=VENV, PYTHONDONTWRITEBYTECODE="1",
        )
        if routes:
            self.environment["ROUTES"] = routes
        self.environment.update(extra_environment or {})
        self.log = open(self.directory + "/out.log", "wb")
        began = time.time()
        argv = process.pinned(process.PROXY_CORE, [f"{subject_directory(name)}/start"])
        self.process = process.start(
            argv, env=self.environment, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        self._await_ready(began)
        self.start_seconds = time.time() - began

    @classmethod
    def _take_port(cls):
        """The next port nobody listens on: else the probe could meet somebody else's listener."""
        while True:
            cls.started += 1
            port = PROXY_PORTS + cls.started % 400
            if port_is_free(port):
                return port

    def _await_ready(self, began):
        while True:
            if self.process.poll() is not None:
                process.forget(self.process)
                said = self._last_output(400).strip()
                code = self.process.returncode
                if code == SUPPORT_EXIT:
                    raise Unsupported(said, by_choice=True)
                raise Unsupported(f"exit {code}: {said}")
            try:
                self.answers()
                return
            except (OSError, http.client.HTTPException, AssertionError):
                pass
            if time.time() - began > options.start_timeout:
                process.stop(self.process)
                raise Unsupported(f"not ready in {options.start_timeout}s: {self._last_output(300)}")
            time.sleep(0.05)

    def _last_output(self, characters):
        with open(self.directory + "/out.log", errors="replace") as file:
            return file.read()[-characters:]

    def answers(self):
        """Raises unless one request gets an upstream's answer."""
        if self.mode == "udp":
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
                client.settimeout(0.2)
                client.connect(("127.0.0.1", self.port))
                client.send(b"ping")
                assert client.recv(99) == b"ping"
        elif self.mode == "dns":
            ask_dns(self.port)
        elif self.mode == "grpc":
            self._answers_call()
        else:
            self._answers_http()

    def _answers_call(self):
        found = subprocess.run(
            ["nghttp", "-v", "-d", f"{SCRATCH}/calls{CALL}", "-H", "content-type: application/grpc", "-H",
             "te: trailers", f"http://127.0.0.1:{self.port}{CALL}"], stdout=subprocess.PIPE, timeout=10).stdout
        assert b"grpc-status" in found and b":status" in found, found[-200:]

    def _answers_http(self):
        if self.mode == "https":
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            client = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=5, context=context)
        else:
            client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        client.request("GET", self.probe, headers={"Host": self.host})
        response = client.getresponse()
        body = response.read()
        client.close()
        through = response.status == 200 and len(body) == 77 and response.getheader("X-Backend")
        assert through, f"{response.status} {body[:60]}"

    def reload(self, upstreams):
        environment = dict(
            self.environment, UPSTREAM_PORTS=" ".join(map(str, upstreams)), PROXY_PID=str(self.process.pid))
        command = [f"{subject_directory(self.name)}/reload"]
        subprocess.run(command, env=environment, timeout=30, check=True, stdout=self.log, stderr=self.log)

    def stop(self):
        process.stop(self.process)
        self.log.close()
