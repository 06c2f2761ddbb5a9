"""Plain HTTP/1.1."""

from .. import load
from ..measure import interleaved
from ..report import save
from ..settings import UPSTREAMS
from ..tools import Upstream

FIXED_RATE = 2000


def keepalive():
    with Upstream(UPSTREAMS):
        rows = interleaved("h1-keepalive", "http", load.wrk, UPSTREAMS)
        save("01-h1-keepalive", rows, conns=64, body=1024)


def fixed_rate():
    """One rate below everybody's saturation: the latency comparison that a closed loop can't give."""

    def generate(subject, seconds):
        return load.loadgen(subject, seconds, "-c", 256, "-r", FIXED_RATE, "-x")

    with Upstream(UPSTREAMS):
        rows = interleaved("h1-fixedrate", "http", generate, UPSTREAMS)
        save("01b-h1-fixedrate", rows, rate=FIXED_RATE, body=1024)


def large():
    with Upstream(UPSTREAMS):
        for label, size in (("64k", 65536), ("1m", 1048576)):

            def generate(subject, seconds):
                return load.wrk(subject, seconds, f"/b/{size}", connections=32)

            rows = interleaved("h1-large", "http", generate, UPSTREAMS, tags="bulk")
            save(f"02-h1-large-{label}", rows, conns=32, body=size)


def new_connection():
    def generate(subject, seconds):
        return load.loadgen(subject, seconds, "-n", "-c", 64)

    with Upstream(UPSTREAMS):
        rows = interleaved("h1-newconn", "http", generate, UPSTREAMS)
        save("03-h1-newconn", rows, conns=64, body=1024)
