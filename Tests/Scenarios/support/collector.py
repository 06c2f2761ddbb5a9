"""Services that take what Aya tells: an HTTP server that keeps every request and answers as a test says, and receivers
of syslog."""

import http.server
import socket
import ssl
import threading

from .ports import reserve_port


class Collector:
    """`answers` is taken from the front, one a request; then every request gets 200 (or what `default` says)."""

    def __init__(self, answers=(), default=(200, b"{}"), certificate=None, port=None):
        self.requests = []
        self.answers = list(answers)
        self.default = default
        collector = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                collector.requests.append((self.path, dict(self.headers), body))
                status, answer = collector.answers.pop(0) if collector.answers else collector.default
                self.send_response(status)
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.port = port or reserve_port()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.server.daemon_threads = True
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def bodies(self):
        return [body for _, _, body in self.requests]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class SyslogReceiver:
    """Keeps every message; by datagrams, or by a stream with counted octets."""

    def __init__(self, kind="udp", path=None):
        self.messages = []
        if kind == "unix":
            self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            self.socket.bind(path)
            self.address = f"unix:{path}"
        else:
            self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM)
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.port = reserve_port()
            self.socket.bind(("127.0.0.1", self.port))
            self.address = f"127.0.0.1:{self.port}"
        if kind == "tcp":
            self.socket.listen()
        threading.Thread(target=self.accept if kind == "tcp" else self.receive, daemon=True).start()

    def receive(self):
        while True:
            try:
                self.messages.append(self.socket.recv(65536).decode())
            except OSError:
                return

    def accept(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.read, args=(connection,), daemon=True).start()

    def read(self, connection):
        buffer = b""
        while data := connection.recv(65536):
            buffer += data
            while b" " in buffer:
                length, rest = buffer.split(b" ", 1)
                if len(rest) < int(length):
                    break
                self.messages.append(rest[:int(length)].decode())
                buffer = rest[int(length):]

    def stop(self):
        self.socket.close()
