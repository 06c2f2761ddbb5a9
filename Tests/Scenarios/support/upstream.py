"""Servers behind Aya that do what a test tells them: answer well, badly, late, in pieces or not at all."""

import hashlib
import json
import os
import socket
import struct
import threading
import time

from .message import Closed, Stream, read_request_body, read_request_head
from .ports import reserve_port


class Exchange:
    """One request at the upstream, and the connection to answer it on."""

    def __init__(self, upstream, connection, stream, request, connection_number, number):
        self.upstream = upstream
        self.socket = connection
        self.stream = stream
        self.request = request
        self.connection_number = connection_number  # of the upstream's connections, from 0
        self.number = number  # of the connection's requests, from 0
        self.keep_alive = True

    def read_body(self):
        read_request_body(self.stream, self.request)
        return self.request.body

    def send(self, data):
        self.socket.sendall(data)

    def respond(self, status=200, headers=(), body=b"", reason="OK"):
        pairs = list(headers.items()) if isinstance(headers, dict) else list(headers)
        names = {name.lower() for name, _ in pairs}
        if not names & {"content-length", "transfer-encoding"} and status >= 200 and status not in (204, 304):
            pairs.append(("Content-Length", str(len(body))))
        lines = "".join(f"{name}: {value}\r\n" for name, value in pairs)
        self.send(f"HTTP/1.1 {status} {reason}\r\n{lines}\r\n".encode("latin-1") + body)

    def close(self):
        self.keep_alive = False
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.socket.close()

    def reset(self):
        self.keep_alive = False
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


def echo(exchange):
    """Answers with what it got, as JSON."""
    body = exchange.read_body()
    request = exchange.request
    exchange.respond(headers={"Content-Type": "application/json"}, body=json.dumps(dict(
        server=exchange.upstream.name, method=request.method, target=request.target, version=request.version,
        headers=request.headers, trailers=request.trailers, size=len(body), digest=hashlib.sha256(body).hexdigest(),
        body=body.decode("latin-1") if len(body) <= 4096 else None, connection=exchange.connection_number,
        number=exchange.number)).encode())


def answering(status=200, headers=(), body=b"", reason="OK"):
    """A behaviour: reads the request whole, answers always the same."""

    def behave(exchange):
        exchange.read_body()
        exchange.respond(status, headers, body, reason)

    return behave


def sending(data, then="close", read_body=True):
    """A behaviour: sends these bytes, then `close`, `reset`, `keep` or `stall`."""

    def behave(exchange):
        if read_body:
            exchange.read_body()
        exchange.send(data)
        if then == "close":
            exchange.close()
        elif then == "reset":
            time.sleep(0.05)  # a reset discards what the peer has not read
            exchange.reset()
        elif then == "stall":
            exchange.upstream.stopped.wait(30)
            exchange.close()

    return behave


def stalling(exchange):
    """Reads the request and never answers."""
    exchange.read_body()
    exchange.upstream.stopped.wait(30)
    exchange.close()


class Server:
    """A listener with a thread a connection."""

    def __init__(self, address=None, name="a", backlog=4096, context=None):
        """`context`: of a server that speaks TLS."""
        self.name = name
        self.context = context
        self.sessions_reused = 0
        self.stopped = threading.Event()
        self.accepted = 0
        self.open = []
        self.errors = []
        if isinstance(address, str):
            self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self.address = address
            self.listener.bind("\0" + address[1:] if address.startswith("@") else address)
        else:
            host, port = address or ("127.0.0.1", reserve_port())
            self.listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
            self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.listener.bind((host, port))
            self.port = port
            self.address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self.listener.listen(backlog)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while not self.stopped.is_set():
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            number = self.accepted
            self.accepted += 1
            self.open.append(connection)
            threading.Thread(target=self._serve, args=(connection, number), daemon=True).start()

    def _serve(self, connection, number):
        try:
            if self.context:
                plain, connection = connection, self.context.wrap_socket(connection, server_side=True)
                self.open.append(connection)
                self.open.remove(plain)
                self.sessions_reused += connection.session_reused
            self.serve(connection, number)
        except (OSError, Closed):
            pass
        except Exception as problem:  # shown by the fixture: a request that the upstream should never see, say
            self.errors.append(problem)
        finally:
            connection.close()
            if connection in self.open:
                self.open.remove(connection)

    def serve(self, connection, number):
        raise NotImplementedError

    def stop(self):
        self.stopped.set()
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()
        self.drop_connections()
        if isinstance(self.address, str) and self.address.startswith("/") and os.path.exists(self.address):
            os.unlink(self.address)

    def drop_connections(self):
        """Closes every open connection, idle or not."""
        for connection in list(self.open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class Upstream(Server):
    """Speaks HTTP/1.1; each request is recorded and given to the behaviour."""

    def __init__(self, behaviour=echo, address=None, name="a", context=None):
        self.behaviour = behaviour
        self.requests = []
        self.received = b""
        super().__init__(address, name, context=context)

    def serve(self, connection, number):
        if connection.family != socket.AF_UNIX:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream = Stream(connection)
        count = 0
        while not self.stopped.is_set():
            request = read_request_head(stream)
            self.requests.append(request)
            exchange = Exchange(self, connection, stream, request, number, count)
            self.behaviour(exchange)
            count += 1
            if not exchange.keep_alive:
                return

    @property
    def targets(self):
        return [request.target for request in self.requests]


class Relay(Server):
    """Speaks whatever `behaviour(server, connection)` does: for TCP listeners."""

    def __init__(self, behaviour, address=None, name="a", context=None):
        self.behaviour = behaviour
        super().__init__(address, name, context=context)

    def serve(self, connection, number):
        self.behaviour(self, connection)
