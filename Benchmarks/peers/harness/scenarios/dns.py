"""Authoritative DNS answers."""

from .. import load
from ..measure import interleaved
from ..report import save
from ..settings import UPSTREAMS, subjects


def dns():
    entrants = [(name, name, {}) for name in subjects("dns")]
    if "pdns" in subjects("dns"):
        entrants.append(("pdns-nocache", "pdns", dict(variant="nocache")))
    rows = interleaved("dns", "dns", load.dnsperf, UPSTREAMS, entrants=entrants, warm=load.dnsperf)
    for row in rows:
        row["extra"] = row["rounds"][0]["codes"] + " (p50 column is the mean)" if row["rounds"] else None
    save("12-dns", rows, inflight=100)
