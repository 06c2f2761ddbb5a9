"""HTTP/2 clients that ask one thing after the other, and know what a connection's end may mean."""

import threading
import time

from h2.exceptions import ProtocolError

from .http2 import Client2


class Steady2:
    """`with Steady2(port) as load:` … then `load.answered`, `load.connections` and `load.problems`."""

    def __init__(self, port, clients=4, pause=0.005):
        self.port, self.pause = port, pause
        self.answered, self.connections, self.problems = 0, 0, []
        self.lock = threading.Lock()
        self.finished = threading.Event()
        self.threads = [threading.Thread(target=self._ask, daemon=True) for _ in range(clients)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.finished.set()
        for thread in self.threads:
            thread.join(20)

    def _ask(self):
        client = None
        while not self.finished.is_set():
            try:
                if client is None or client.goaway or client.closed:
                    client = Client2(self.port)
                    with self.lock:
                        self.connections += 1
                stream = client.request()
                response = client.response(stream)
            except ProtocolError as problem:
                # Python's h2 takes no answer any more once it was told to go away: this one came, and is lost on it; when
                # both came at once, it does not even say that it was told.
                if not client.goaway and "ConnectionState.CLOSED" not in str(problem):
                    raise
                client = None
                continue
            except OSError as problem:
                # Told to go away between two requests, and closed: the next one is asked elsewhere.
                if not (client and client.goaway):
                    self._note(repr(problem))
                client = None
                continue
            if response.status == 200 and response.ended:
                with self.lock:
                    self.answered += 1
            elif not (client.goaway and client.goaway[1] < stream):
                # A stream that the last GOAWAY does not cover was not looked at, and may be asked again (RFC 9113
                # section 6.8); any other must be answered.
                self._note(f"{response.status} {response.reset} {client.goaway} {stream} {client.closed}")
            time.sleep(self.pause)

    def _note(self, problem):
        with self.lock:
            self.problems.append(problem)
