"""Slow, variable and stalling servers under open-loop load: what a balancer is for."""

import os
import statistics
import time

from .. import load
from ..measure import interleaved
from ..report import save
from ..settings import PEERS, STRAGGLER_UPSTREAMS, options, subject_directory, subjects
from ..tools import Upstream

CASES = ("mixed", "slow2", "stall1", "uniform")
ENTRANTS = [
    ("nginx-rr", "nginx", dict(algorithm="roundrobin")),
    ("nginx-lc", "nginx", dict(algorithm="leastconn")),
    ("haproxy-lc", "haproxy", dict(algorithm="leastconn")),
    ("haproxy-random2", "haproxy", dict(algorithm="random2")),
    ("haproxy-lc-maxconn4", "haproxy", dict(algorithm="leastconn", variant="maxconn")),
    ("envoy-rr", "envoy", dict(algorithm="roundrobin")),
    ("envoy-lr", "envoy", dict(algorithm="leastconn")),
    ("envoy-lr-outlier", "envoy", dict(algorithm="leastconn", variant="outlier")),
    ("traefik-p2c", "traefik", dict(algorithm="p2c")),
    ("traefik-leasttime", "traefik", dict(algorithm="leastconn", variant="leasttime")),
    ("caddy-lc", "caddy", dict(algorithm="leastconn")),
]


def models(case):
    """Service models and aggregate capacity a second. Each server serves 4 at once, exponential service, mean 5 ms:
    800/s."""
    ports = STRAGGLER_UPSTREAMS

    def fast(port):
        return f"{port}:5000:exp:4:0:0"

    def slow(port):
        return f"{port}:50000:exp:4:0:0"

    def stalling(port):
        return f"{port}:5000:exp:4:2000:200"

    if case == "uniform":
        return [fast(p) for p in ports], 6 * 800
    if case == "slow2":
        return [slow(p) for p in ports[:2]] + [fast(p) for p in ports[2:]], 4 * 800 + 2 * 80
    if case == "stall1":
        return [stalling(ports[0])] + [fast(p) for p in ports[1:]], 5 * 800 + 720
    if case == "mixed":
        rest = [fast(p) for p in ports[3:]]
        return [slow(ports[0]), slow(ports[1]), stalling(ports[2])] + rest, 3 * 800 + 720 + 160
    raise KeyError(case)


def entrants():
    have = set(subjects("http"))
    chosen = [entrant for entrant in ENTRANTS if entrant[1] in have]
    for name in sorted(have - set(PEERS)):
        # A new subject may name its own rows, one "label algorithm variant" a line.
        path = f"{subject_directory(name)}/straggler"
        if os.path.exists(path):
            with open(path) as file:
                lines = [line.split() + [""] for line in file if line.strip()]
            chosen += [(line[0], name, dict(algorithm=line[1], variant=line[2])) for line in lines]
        else:
            chosen += [(f"{name}-{a}", name, dict(algorithm=a)) for a in ("roundrobin", "leastconn", "p2c")]
    if options.labels:
        chosen = [entrant for entrant in chosen if entrant[0] in options.labels.split(",")]
    return chosen


def straggler():
    for case in options.cases.split(",") if options.cases else CASES:
        _case(case)


def _case(case):
    ports = STRAGGLER_UPSTREAMS
    service, capacity = models(case)
    rate = round(capacity * options.load_share)
    with Upstream(ports, service) as upstream:

        def generate(subject, seconds):
            spacing = ["-x"] if options.poisson else []
            return load.loadgen(subject, seconds, "-c", 1500, "-r", rate, "-t", 2000, *spacing, timeout=60)

        def before(_):
            time.sleep(0.2)
            upstream.reset()

        def after(_, result):
            counts = upstream.counts()
            total = max(1, sum(c["requests"] for c in counts.values()))
            result["shares"] = [round(counts[p]["requests"] / total, 4) for p in ports]
            result["maxq"] = [counts[p]["maxq"] for p in ports]
            upstream.reset()

        def warm(subject, _):
            load.loadgen(subject, 0.3, "-c", 64, "-r", 200)
            upstream.reset()

        kept, options.dur = options.dur, options.straggler_dur
        rows = interleaved(
            "straggler", "http", generate, ports, entrants=entrants(), warm=warm, before=before, after=after)
        for row in rows:
            if row.get("median"):
                shares = [statistics.median(r["shares"][i] for r in row["rounds"]) for i in range(len(ports))]
                timeouts = sum(r["timeouts"] for r in row["rounds"])
                row["extra"] = f"timeouts {timeouts}; shares " + " ".join(f"{100 * s:.0f}%" for s in shares)
        save(
            f"13-straggler-{case}", rows, rate=rate, capacity=capacity, poisson=options.poisson, models=service,
            window=options.straggler_dur)
        options.dur = kept
