"""Servers of HTTP/2 behind Aya, over Python's h2: a thread a connection, a thread a stream."""

import hashlib
import json
import queue
import ssl
import threading

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import h2.settings

from .upstream import Server

CLOSED = (h2.exceptions.ProtocolError, OSError)


class Exchange2:
    """One stream at the server."""

    def __init__(self, link, stream, headers):
        self.link = link
        self.upstream = link.upstream
        self.stream = stream
        self.headers = headers
        self.trailers = None
        self.pieces = queue.Queue()
        self.reset_code = None
        self.connection_number = link.number

    def header(self, name):
        return next((value for key, value in self.headers if key == name), None)

    def read(self, timeout=10):
        """The next piece of the body; None at its end."""
        return self.pieces.get(timeout=timeout)

    def read_body(self):
        body = b""
        while (piece := self.read()) is not None:
            body += piece
        return body

    def head(self, status=200, headers=(), end=False):
        self.link.act(lambda h: h.send_headers(self.stream, [(":status", str(status)), *headers], end_stream=end))

    def send(self, data, end=False):
        self.link.send(self.stream, data, end)

    def end(self, trailers=None):
        if trailers is None:
            self.link.act(lambda h: h.end_stream(self.stream))
        else:
            self.link.act(lambda h: h.send_headers(self.stream, trailers, end_stream=True))

    def respond(self, status=200, headers=(), body=b"", trailers=None):
        self.head(status, headers, end=not body and trailers is None)
        if body:
            self.send(body, end=trailers is None)
        if trailers is not None:
            self.end(trailers)

    def reset(self, code=0):
        self.link.act(lambda h: h.reset_stream(self.stream, code))


def echo2(exchange):
    """Answers with what it got, as JSON."""
    body = exchange.read_body()
    exchange.respond(headers=[("content-type", "application/json")], body=json.dumps(dict(
        server=exchange.upstream.name, method=exchange.header(":method"), target=exchange.header(":path"),
        headers=exchange.headers, trailers=exchange.trailers, size=len(body), stream=exchange.stream,
        digest=hashlib.sha256(body).hexdigest(), connection=exchange.connection_number)).encode())


class Link:
    """One connection at the server."""

    def __init__(self, upstream, connection, number):
        self.upstream = upstream
        self.socket = connection
        self.number = number
        self.lock = threading.RLock()
        self.moved = threading.Condition(self.lock)
        self.exchanges = {}
        self.open = 0
        self.most = 0
        self.pings = 0
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(
            client_side=False, header_encoding="utf-8", validate_inbound_headers=True))
        self.h2.local_settings = h2.settings.Settings(client=False, initial_values={
            h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: 65535, h2.settings.SettingCodes.MAX_FRAME_SIZE: 16384,
            **upstream.settings})

    def act(self, what):
        with self.lock:
            what(self.h2)
            self.flush()

    def flush(self):
        data = self.h2.data_to_send()
        if data:
            self.socket.sendall(data)

    def send(self, stream, data, end):
        while True:
            with self.lock:
                room = min(self.h2.local_flow_control_window(stream), self.h2.max_outbound_frame_size, len(data))
                if room > 0 or not data:
                    self.h2.send_data(stream, data[:room], end_stream=end and room == len(data))
                    data = data[room:]
                    self.flush()
                    if not data:
                        return
                    continue
                if not self.moved.wait(10):
                    raise OSError("no window")

    def goaway(self, last, code=0):
        self.act(lambda h: h.close_connection(code, last_stream_id=last))

    def run(self):
        self.act(lambda h: h.initiate_connection())
        while True:
            data = self.socket.recv(1 << 16)
            if not data:
                return
            with self.lock:
                for event in self.h2.receive_data(data):
                    self.take(event)
                self.flush()
                self.moved.notify_all()

    def take(self, event):
        exchange = self.exchanges.get(getattr(event, "stream_id", None))
        if isinstance(event, h2.events.RequestReceived):
            exchange = Exchange2(self, event.stream_id, list(event.headers))
            self.exchanges[event.stream_id] = exchange
            self.upstream.requests.append(exchange)
            self.open += 1
            self.most = max(self.most, self.open)
            threading.Thread(target=self.serve, args=(exchange,), daemon=True).start()
        elif isinstance(event, h2.events.DataReceived):
            exchange.pieces.put(event.data)
            if self.upstream.consume:
                self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.TrailersReceived):
            exchange.trailers = list(event.headers)
        elif isinstance(event, h2.events.StreamEnded):
            exchange.pieces.put(None)
        elif isinstance(event, h2.events.StreamReset):
            exchange.reset_code = int(event.error_code)
            exchange.pieces.put(None)
        elif isinstance(event, h2.events.PingReceived):
            self.pings += 1
        elif isinstance(event, h2.events.ConnectionTerminated):
            self.upstream.goaways.append(int(event.error_code))

    def serve(self, exchange):
        try:
            self.upstream.behaviour(exchange)
        except CLOSED:
            pass
        except Exception as problem:
            self.upstream.errors.append(problem)
        finally:
            with self.lock:
                self.open -= 1


class Upstream2(Server):
    """Speaks HTTP/2, by ALPN with a context and by prior knowledge without."""

    def __init__(self, behaviour=echo2, address=None, name="a", context=None, settings=None, consume=True):
        self.behaviour = behaviour
        self.settings = settings or {}
        self.consume = consume
        self.requests = []
        self.links = []
        self.goaways = []
        super().__init__(address, name, context=context)

    def serve(self, connection, number):
        if isinstance(connection, ssl.SSLSocket):
            assert connection.selected_alpn_protocol() == "h2", connection.selected_alpn_protocol()
        link = Link(self, connection, number)
        self.links.append(link)
        try:
            link.run()
        except h2.exceptions.ProtocolError as problem:
            self.errors.append(problem)
