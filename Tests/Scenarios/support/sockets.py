"""WebSockets by Python's `websockets`, at both ends."""

import threading

import websockets.exceptions
import websockets.sync.server

from .ports import reserve_port


class EchoServer:
    """Sends every message back."""

    def __init__(self, handler=None, **settings):
        self.port = reserve_port()
        self.address = f"127.0.0.1:{self.port}"
        self.requests = []
        self.closes = []
        settings.setdefault("compression", None)
        self.server = websockets.sync.server.serve(handler or self.echo, "127.0.0.1", self.port, **settings)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def echo(self, socket):
        self.requests.append(socket.request)
        try:
            for message in socket:
                socket.send(message)
        except websockets.exceptions.ConnectionClosedError:
            pass  # with a code of the client's own
        self.closes.append((socket.protocol.close_rcvd.code, socket.protocol.close_rcvd.reason))

    def stop(self):
        self.server.shutdown()
