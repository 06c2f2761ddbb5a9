"""What telling of every request costs: Aya with nothing, with a log, with a log and traces, beside nginx with its log."""

from .. import load
from ..measure import interleaved
from ..report import save
from ..settings import UPSTREAMS, subjects
from ..tools import Upstream

# nginx writes each line at once, as it does when nothing is said, or (`buffered`) gathers 64 KiB of them.
ENTRANTS = [
    ("nginx122", "nginx122", ""), ("nginx122-log", "nginx122", "log"), ("nginx122-buffered", "nginx122", "bufferedlog"),
    ("aya-off", "aya", "off"), ("aya-log", "aya", "log"), ("aya-all", "aya", "all"),
]


def telemetry():
    def settings(name, what):
        if name != "aya":
            return dict(variant=what)
        # An upstream answers 200 to whatever it is sent, and so takes spans.
        return dict(extra_environment=dict(AYA_TELEMETRY=what, AYA_COLLECTOR=f"http://127.0.0.1:{UPSTREAMS[0]}"))

    known = subjects("http")
    entrants = [(label, name, settings(name, what)) for label, name, what in ENTRANTS if name in known]
    with Upstream(UPSTREAMS):
        rows = interleaved("telemetry", "http", load.wrk, UPSTREAMS, entrants=entrants)
        save("15-telemetry", rows, conns=64, body=1024)
