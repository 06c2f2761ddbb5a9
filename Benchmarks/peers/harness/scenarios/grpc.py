"""gRPC over HTTP/2 in the clear at both ends."""

from .. import load
from ..measure import interleaved
from ..report import save
from ..settings import UPSTREAMS
from ..tools import CallServer


def unary():
    def warm(subject, seconds):
        load.calls(subject, seconds)

    with CallServer(UPSTREAMS):
        rows = interleaved("grpc-unary", "grpc", load.calls, UPSTREAMS, warm=warm)
        save("14-grpc-unary", rows, conns=16, streams=32, body=100)
