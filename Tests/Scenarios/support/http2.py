"""An HTTP/2 client over Python's h2, and a way to say what no honest client would."""

import socket
import ssl

import h2.config
import h2.connection
import h2.events
import hyperframe.frame as frames  # noqa: F401  (for tests)

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


class Response:
    def __init__(self):
        self.status = None
        self.headers = []
        self.interim = []
        self.body = b""
        self.trailers = None
        self.reset = None
        self.ended = False

    def header(self, name):
        return next((value for key, value in self.headers if key == name), None)


class Client2:
    """One connection; streams by number."""

    def __init__(self, port, host="127.0.0.1", context=None, timeout=5.0, normalize=False):
        self.socket = socket.create_connection((host, port), timeout=timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if context:
            self.socket = context.wrap_socket(self.socket, server_hostname="localhost")
            assert self.socket.selected_alpn_protocol() == "h2"
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(
            client_side=True, header_encoding="utf-8", validate_outbound_headers=False,
            normalize_outbound_headers=normalize))
        self.h2.initiate_connection()
        self.flush()
        self.responses = {}
        self.goaway = None
        self.closed = False
        self.settings = {}
        self.consume = True  # give windows back at once

    def flush(self):
        self.socket.sendall(self.h2.data_to_send())

    def request(self, method="GET", path="/", body=None, headers=(), authority="a.example", end=True, trailers=None):
        """Begins a stream and returns its number."""
        stream = self.h2.get_next_available_stream_id()
        head = [(":method", method), (":scheme", "http"), (":authority", authority), (":path", path), *headers]
        self.responses[stream] = Response()
        self.h2.send_headers(stream, head, end_stream=end and body is None)
        self.flush()
        if body is not None:
            self.send(stream, body, end=end and trailers is None)
        if trailers is not None:
            self.h2.send_headers(stream, trailers, end_stream=True)
            self.flush()
        return stream

    def send(self, stream, data, end=False):
        while data:
            room = min(self.h2.local_flow_control_window(stream), self.h2.max_outbound_frame_size)
            if room <= 0:
                if self.responses[stream].reset is not None or not self.read():
                    return
                continue
            self.h2.send_data(stream, data[:room], end_stream=end and len(data) <= room)
            data = data[room:]
            self.flush()
            if not data:
                return
        if end:
            self.h2.end_stream(stream)
            self.flush()

    def read(self):
        """Reads once; false when the connection has ended."""
        try:
            data = self.socket.recv(1 << 17)
        except (ConnectionError, ssl.SSLError):
            data = b""
        if not data:
            self.closed = True
            return False
        for event in self.h2.receive_data(data):
            self.take(event)
        self.flush()
        return True

    def take(self, event):
        response = self.responses.get(getattr(event, "stream_id", None))
        if isinstance(event, h2.events.InformationalResponseReceived):
            response.interim.append(list(event.headers))
        elif isinstance(event, h2.events.ResponseReceived):
            response.headers = list(event.headers)
            response.status = int(dict(event.headers)[":status"])
        elif isinstance(event, h2.events.DataReceived):
            response.body += event.data
            if self.consume:
                self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.TrailersReceived):
            response.trailers = list(event.headers)
        elif isinstance(event, h2.events.StreamEnded):
            response.ended = True
        elif isinstance(event, h2.events.StreamReset):
            response.reset = int(event.error_code)
        elif isinstance(event, h2.events.ConnectionTerminated):
            self.goaway = (int(event.error_code), event.last_stream_id)
        elif isinstance(event, h2.events.RemoteSettingsChanged):
            self.settings.update({key: value.new_value for key, value in event.changed_settings.items()})

    def response(self, stream):
        """Waits for the end of a stream."""
        response = self.responses[stream]
        while not response.ended and response.reset is None and self.read():
            pass
        return response

    def ask(self, *arguments, **settings):
        return self.response(self.request(*arguments, **settings))

    def read_until(self, condition):
        while not condition() and self.read():
            pass

    def close(self):
        self.socket.close()


def frame(kind, flags=0, stream=0, payload=b""):
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


class Raw:
    """Frames as they are written; nothing is checked on this side."""

    def __init__(self, port, greeting=True, timeout=5.0):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self.buffer = b""
        if greeting:
            self.send(PREFACE + frame(4))

    def send(self, data):
        """False when the connection is gone."""
        try:
            self.socket.sendall(data)
            return True
        except OSError:
            return False

    def next(self):
        """(type, flags, stream, payload), or None at the end."""
        while True:
            if len(self.buffer) >= 9:
                length = int.from_bytes(self.buffer[:3], "big")
                if len(self.buffer) >= 9 + length:
                    head, payload = self.buffer[:9], self.buffer[9:9 + length]
                    self.buffer = self.buffer[9 + length:]
                    return head[3], head[4], int.from_bytes(head[5:9], "big") & 0x7FFFFFFF, payload
            try:
                data = self.socket.recv(65536)
            except OSError:
                return None
            if not data:
                return None
            self.buffer += data

    def code(self, kind=7):
        """The error code of the next GOAWAY (7) or RST_STREAM (3)."""
        while True:
            found = self.next()
            if found is None:
                return None
            if found[0] == kind:
                payload = found[3]
                return int.from_bytes(payload[4:8] if kind == 7 else payload[:4], "big")

    def close(self):
        self.socket.close()
