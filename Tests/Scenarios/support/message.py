"""HTTP/1.1 messages read from a socket by the letter, for both ends of the tests."""

import json
import re


class Closed(Exception):
    """The peer closed where more was due; `data` is what had come."""

    def __init__(self, data=b""):
        super().__init__(f"closed after {data[-200:]!r}")
        self.data = data


class Stream:
    """A buffered socket."""

    def __init__(self, connection):
        self.socket = connection
        self.buffer = b""

    def fill(self):
        more = self.socket.recv(262144)
        if not more:
            raise Closed(self.buffer)
        self.buffer += more

    def until(self, mark):
        while mark not in self.buffer:
            self.fill()
        found, self.buffer = self.buffer.split(mark, 1)
        return found

    def exactly(self, count):
        pieces, missing = [], count
        while missing > 0:
            if not self.buffer:
                try:
                    self.fill()
                except (Closed, ConnectionResetError):
                    raise Closed(b"".join(pieces)) from None
            piece, self.buffer = self.buffer[:missing], self.buffer[missing:]
            pieces.append(piece)
            missing -= len(piece)
        return b"".join(pieces)

    def rest(self):
        try:
            while True:
                self.fill()
        except Closed:
            found, self.buffer = self.buffer, b""
            return found

    def chunks(self):
        """(body, trailer fields) of a chunked body, checked strictly: our peer is Aya."""
        body = []
        while True:
            line = self.until(b"\r\n")
            assert re.fullmatch(rb"[0-9A-Fa-f]+(;[^\r\n]*)?", line), f"chunk size {line!r}"
            size = int(line.split(b";")[0], 16)
            if size == 0:
                break
            body.append(self.exactly(size))
            assert self.exactly(2) == b"\r\n", "chunk without its line end"
        trailers = []
        while True:
            line = self.until(b"\r\n")
            if not line:
                return b"".join(body), trailers
            trailers.append(parse_field(line))


def parse_field(line):
    name, separator, value = line.partition(b":")
    assert separator and name and not name.endswith((b" ", b"\t")), f"field line {line!r}"
    return name.decode("latin-1"), value.strip(b" \t").decode("latin-1")


class Message:
    """Header fields in order, as they came."""

    def __init__(self, head):
        self.head = head
        lines = head.split(b"\r\n")
        self.first_line = lines[0].decode("latin-1")
        self.headers = [parse_field(line) for line in lines[1:]]
        self.body = b""
        self.trailers = []

    def all(self, name):
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def get(self, name):
        """The field's value; None when absent. More than one is a failure: ask for `all` where that is meant."""
        values = self.all(name)
        assert len(values) <= 1, f"{name} came {len(values)} times: {values}"
        return values[0] if values else None

    def json(self):
        return json.loads(self.body)


class Request(Message):
    def __init__(self, head):
        super().__init__(head)
        self.method, self.target, self.version = self.first_line.split(" ")


class Response(Message):
    def __init__(self, head):
        super().__init__(head)
        found = re.fullmatch(r"(HTTP/1\.[01]) (\d{3})( .*)?", self.first_line)
        assert found, f"status line {self.first_line!r}"
        self.version, self.status = found.group(1), int(found.group(2))
        self.informational = []
        # Filled in when the head came whole and the body did not.
        self.truncated = False

    @property
    def problem(self):
        """The problem+json body (RFC 9457), with the members that every one of Aya's has."""
        assert self.get("content-type") == "application/problem+json", f"{self.head!r} {self.body!r}"
        body = self.json()
        assert {"type", "title", "status", "code", "blame"} <= set(body), body
        assert body["status"] == self.status, body
        return body


def read_request_head(stream):
    return Request(stream.until(b"\r\n\r\n"))


def read_request_body(stream, request):
    if "chunked" in (request.get("transfer-encoding") or ""):
        request.body, request.trailers = stream.chunks()
    elif request.get("content-length"):
        request.body = stream.exactly(int(request.get("content-length")))
    return request


def read_response(stream, method="GET"):
    informational = []
    while True:
        response = Response(stream.until(b"\r\n\r\n"))
        if response.status >= 200 or response.status == 101:
            break
        informational.append(response)
    response.informational = informational
    if method == "HEAD" or response.status in (101, 204, 304):
        return response
    try:
        if "chunked" in (response.get("transfer-encoding") or ""):
            response.body, response.trailers = stream.chunks()
        elif response.get("content-length") is not None:
            response.body = stream.exactly(int(response.get("content-length")))
        else:
            response.body = stream.rest()
    except (Closed, ConnectionResetError) as problem:
        response.truncated = True
        response.body = getattr(problem, "data", b"")
    return response
