"""A server in a process of its own, so that it can die like one."""

import os
import signal
import subprocess
import sys
import time

from .client import ask
from .message import Closed
from .ports import reserve_port

PROGRAM = """
import socket, sys, threading
name, port = sys.argv[1].encode(), int(sys.argv[2])
answer = b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n%s" % (len(name), name)
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", port))
listener.listen(1024)

def serve(connection):
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    buffer = b""
    while True:
        data = connection.recv(65536)
        if not data:
            return connection.close()
        buffer += data
        while b"\\r\\n\\r\\n" in buffer:
            _, buffer = buffer.split(b"\\r\\n\\r\\n", 1)
            connection.sendall(answer)

while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
"""


class ServerProcess:
    """Answers every GET with its name."""

    def __init__(self, name):
        self.name = name
        self.port = reserve_port()
        self.address = f"127.0.0.1:{self.port}"
        self.process = None
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, self.name, str(self.port)], stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                ask(self.port, timeout=1)
                return
            except (OSError, Closed):
                time.sleep(0.02)
        raise AssertionError(f"server {self.name} does not start")

    def kill(self):
        """As kill -9 does: no goodbye to anybody."""
        self.signal(signal.SIGKILL)
        self.process.wait()

    def freeze(self):
        self.signal(signal.SIGSTOP)

    def thaw(self):
        self.signal(signal.SIGCONT)

    def signal(self, number):
        os.kill(self.process.pid, number)

    def stop(self):
        if self.process.poll() is None:
            self.kill()
