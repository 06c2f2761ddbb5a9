"""The programs around the subject: builds the C tools, makes the certificate, runs the upstream responder."""

import http.client
import json
import os
import subprocess

from . import process
from .settings import CALL, HERE, SCRATCH

WRK_REPORT = """done = function(s, l, r)
  local e = s.errors
  io.write(string.format('\\nJSON {"requests":%d,"bytes":%d,"secs":%.4f,"rps":%.2f,"p50_us":%d,"p90_us":%d,"p99_us":%d,'
    .. '"p999_us":%d,"max_us":%d,"e_connect":%d,"e_read":%d,"e_write":%d,"e_status":%d,"e_timeout":%d,"errors":%d}\\n',
    s.requests, s.bytes, s.duration/1e6, s.requests/(s.duration/1e6),
    l:percentile(50), l:percentile(90), l:percentile(99), l:percentile(99.9), l.max,
    e.connect, e.read, e.write, e.status, e.timeout, e.connect+e.read+e.write+e.status+e.timeout))
end
"""
LIBRARIES = {"upstream": ["-lm"], "loadgen": ["-lssl", "-lcrypto", "-lm"], "udptool": []}


def build():
    os.makedirs(SCRATCH, exist_ok=True)
    for name, libraries in LIBRARIES.items():
        build_tool(name, libraries)
    if not os.path.exists(f"{SCRATCH}/cert.pem"):
        make_certificate()
    with open(f"{SCRATCH}/report.lua", "w") as file:
        file.write(WRK_REPORT)


def build_tool(name, libraries):
    source, binary = f"{HERE}/tools/{name}.c", f"{SCRATCH}/{name}"
    if os.path.exists(binary) and os.path.getmtime(binary) >= os.path.getmtime(source):
        return
    command = ["gcc", "-O2", "-o", binary + ".new", source] + libraries
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    os.rename(binary + ".new", binary)


def make_certificate():
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "3650", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    command += ["-keyout", f"{SCRATCH}/key.pem", "-out", f"{SCRATCH}/cert.pem"]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)


class Upstream:
    """The responder behind the subject: one process, one port a backend."""

    def __init__(self, ports, models=()):
        self.ports = ports
        listed = ",".join(map(str, ports)) if len(ports) < 50 else f"{ports[0]}-{ports[-1]}"
        argv = [f"{SCRATCH}/upstream", "-p", listed]
        for model in models:
            argv += ["-m", model]
        self.process = process.start(process.pinned(process.LOAD_CORE, argv), stdout=subprocess.PIPE)
        if b"ready" not in self.process.stdout.readline():
            raise RuntimeError("upstream did not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        process.stop(self.process)

    def ask(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[0], timeout=5)
        connection.request("GET", path)
        return json.loads(connection.getresponse().read())

    def counts(self):
        return {int(port): counts for port, counts in self.ask("/__stats").items()}

    def reset(self):
        self.ask("/__reset")


class CallServer:
    """Answers calls of gRPC: nghttpd with a message in a file, and its status in the trailers."""

    def __init__(self, ports):
        root = f"{SCRATCH}/calls"
        os.makedirs(os.path.dirname(root + CALL), exist_ok=True)
        message = bytes(95)
        with open(root + CALL, "wb") as file:
            file.write(b"\0" + len(message).to_bytes(4, "big") + message)
        with open(f"{SCRATCH}/call-types", "w") as file:
            file.write("application/grpc grpc\n")
        argv = ["nghttpd", "--no-tls", "-n1", "-a", "127.0.0.1", "-d", root, "--trailer", "grpc-status: 0",
                f"--mime-types-file={SCRATCH}/call-types", "-m", "1000"]
        self.processes = [process.start(process.pinned(process.LOAD_CORE, [*argv, str(port)])) for port in ports]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for one in self.processes:
            process.stop(one)


class UDPEcho:
    def __init__(self, ports):
        argv = [f"{SCRATCH}/udptool", "echo"] + [str(port) for port in ports]
        self.process = process.start(process.pinned(process.LOAD_CORE, argv), stdout=subprocess.PIPE)
        self.process.stdout.readline()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        process.stop(self.process)
