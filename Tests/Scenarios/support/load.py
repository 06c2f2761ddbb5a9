"""Steady load in the background: clients on keep-alive connections, one request after the other."""

import threading
import time
from collections import Counter

from .client import Client
from .message import Closed


class Load:
    """`with Load(port) as load:` … then `load.bodies`, `load.statuses` and `load.broken` tell what came back."""

    def __init__(self, address, clients=8, target="/", pause=0.002):
        self.address, self.target, self.pause = address, target, pause
        self.lock = threading.Lock()
        self.finished = threading.Event()
        self.statuses = Counter()
        self.broken = []
        self.answers = []  # (when it was answered, status, body, seconds it took)
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
            began = time.monotonic()
            try:
                client = client or Client(self.address)
                response = client.get(self.target)
            except (OSError, Closed) as problem:
                client = None
                with self.lock:
                    self.broken.append(repr(problem))
                continue
            now = time.monotonic()
            with self.lock:
                self.statuses[response.status] += 1
                self.answers.append((now, response.status, response.body.decode("latin-1"), now - began))
            time.sleep(self.pause)

    def bodies(self, since, until=None):
        """Who answered in that time."""
        with self.lock:
            return Counter(
                body for when, _, body, _ in self.answers if when >= since and (until is None or when < until))

    @property
    def failed(self):
        with self.lock:
            return sum(count for status, count in self.statuses.items() if status >= 500) + len(self.broken)
