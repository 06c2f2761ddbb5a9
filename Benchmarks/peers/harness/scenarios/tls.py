"""HTTP over TLS 1.3."""

from .. import load
from ..measure import interleaved
from ..report import save
from ..settings import UPSTREAMS
from ..tools import Upstream


def http1():
    with Upstream(UPSTREAMS):
        save("04-tls-h1", interleaved("tls-h1", "https", load.wrk, UPSTREAMS), conns=64, body=1024)


def handshake():
    """Connection, handshake and one small request."""

    def count_resumed(_, result):
        result["resumed_share"] = result["resumed"] / max(1, result["handshakes"])

    def full(subject, seconds):
        return load.loadgen(subject, seconds, "-n", "-c", 16, "-P", "/b/16")

    def resumed(subject, seconds):
        return load.loadgen(subject, seconds, "-n", "-R", "-c", 16, "-P", "/b/16")

    with Upstream(UPSTREAMS):
        rows = interleaved("tls-handshake", "https", full, UPSTREAMS, after=count_resumed)
        save("05a-tls-handshake-full", rows, conns=16, body=16)
        rows = interleaved("tls-handshake", "https", resumed, UPSTREAMS, after=count_resumed)
        for row in rows:
            if row.get("median"):
                row["extra"] = f"resumed {100 * row['median']['resumed_share']:.0f}%"
        save("05b-tls-handshake-resumed", rows, conns=16, body=16)


def http2_large():
    """32 bodies of 1 MiB at once, which share 8 connections."""
    size = 1 << 20

    def generate(subject, seconds):
        return load.h2load(subject, seconds, f"/b/{size}", connections=8, streams=4, size=size)

    with Upstream(UPSTREAMS):
        rows = interleaved("h2-large", "https", generate, UPSTREAMS, tags="bulk")
        save("06b-h2-large-1m", rows, conns=8, streams=4, body=size)


def http2():
    with Upstream(UPSTREAMS):
        save("06-h2-tls", interleaved("h2-tls", "https", load.h2load, UPSTREAMS), conns=16, streams=32, body=1024)
