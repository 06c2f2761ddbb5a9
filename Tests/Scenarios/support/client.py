"""A client that sends exactly the bytes it is told."""

import socket
import struct

from .message import Closed, Stream, read_response


def connect(address, timeout=15):
    """`address`: a port on 127.0.0.1, a (host, port) pair, or the path of a unix socket."""
    if isinstance(address, int):
        address = ("127.0.0.1", address)
    if isinstance(address, str):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(timeout)
        connection.connect("\0" + address[1:] if address.startswith("@") else address)
        return connection
    connection = socket.create_connection(address, timeout=timeout)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def reset(connection):
    """Closes with RST instead of FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def field_lines(headers):
    pairs = headers.items() if isinstance(headers, dict) else headers
    return b"".join(f"{name}: {value}\r\n".encode("latin-1") for name, value in pairs)


class Client:
    """One connection to Aya."""

    def __init__(self, address, timeout=15, wrap=None):
        self.socket = connect(address, timeout)
        if wrap:
            self.socket = wrap(self.socket)
        self.stream = Stream(self.socket)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def reset(self):
        reset(self.socket)

    def send(self, data):
        self.socket.sendall(data)

    def send_request(self, method="GET", target="/", headers=(), body=None, host="aya.test"):
        headers = list(headers.items()) if isinstance(headers, dict) else list(headers)
        names = {name.lower() for name, _ in headers}
        if host is not None and "host" not in names:
            headers.insert(0, ("Host", host))
        if body is not None and not names & {"content-length", "transfer-encoding"}:
            headers.append(("Content-Length", str(len(body))))
        self.send(f"{method} {target} HTTP/1.1\r\n".encode("latin-1") + field_lines(headers) + b"\r\n" + (body or b""))

    def response(self, method="GET"):
        return read_response(self.stream, method)

    def request(self, method="GET", target="/", headers=(), body=None, host="aya.test"):
        self.send_request(method, target, headers, body, host)
        return self.response(method)

    def get(self, target="/", headers=(), host="aya.test"):
        return self.request("GET", target, headers, host=host)

    def ends(self, timeout=5):
        """True when the other side closes (or resets) and sends nothing more."""
        self.socket.settimeout(timeout)
        try:
            return not self.stream.buffer and self.socket.recv(65536) == b""
        except ConnectionResetError:
            return True
        except TimeoutError:
            return False

    def everything(self, timeout=10):
        """What comes until the other side closes."""
        self.socket.settimeout(timeout)
        try:
            return self.stream.rest()
        except ConnectionResetError:
            return self.stream.buffer


def ask(address, method="GET", target="/", headers=(), body=None, host="aya.test", timeout=15):
    """One request on a connection of its own."""
    with Client(address, timeout) as client:
        return client.request(method, target, headers, body, host)


def pattern(size, seed=b"aya"):
    """`size` bytes that tell when something is lost, doubled or moved."""
    block = b"".join(b"%s-%08d|" % (seed, number) for number in range(4096))
    return (block * (size // len(block) + 1))[:size]


__all__ = ["Client", "Closed", "ask", "connect", "field_lines", "pattern", "reset"]
