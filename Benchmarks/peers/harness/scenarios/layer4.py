"""TCP and UDP relaying."""

from .. import load
from ..measure import interleaved
from ..report import save
from ..settings import UPSTREAMS, subjects
from ..tools import UDPEcho, Upstream


def tcp():
    def bulk(subject, seconds):
        return load.wrk(subject, seconds, "/b/1048576", connections=32)

    with Upstream(UPSTREAMS):
        save("07a-tcp-l4-reqresp", interleaved("tcp-l4", "tcp", load.wrk, UPSTREAMS), conns=64, body=1024)
        entrants = [(name, name, {}) for name in subjects("tcp")]
        if "haproxy" in subjects("tcp"):
            entrants.append(("haproxy-splice", "haproxy", dict(variant="splice")))
        rows = interleaved("tcp-l4", "tcp", bulk, UPSTREAMS, entrants=entrants, tags="bulk")
        save("07b-tcp-l4-bulk", rows, conns=32, body=1048576)


def tcp_new_connection():
    def generate(subject, seconds):
        return load.loadgen(subject, seconds, "-n", "-c", 64)

    with Upstream(UPSTREAMS):
        save("07c-tcp-l4-newconn", interleaved("tcp-l4", "tcp", generate, UPSTREAMS), conns=64, body=1024)


def udp():
    with UDPEcho(UPSTREAMS):
        rows = interleaved("udp", "udp", load.udp, UPSTREAMS, warm=load.warm_udp)
        save("08-udp", rows, flows=64, size=200)
