"""Ten reloads that add and remove a server, under a fixed rate."""

import json
import os
import statistics
import subprocess
import sys
import time

from .. import load, process
from ..machine import CPUReading, memory, process_tree, turn
from ..measure import median
from ..report import save
from ..settings import EXTRA_UPSTREAM, UPSTREAMS, options, subject_directory, subjects
from ..subject import Subject
from ..tools import Upstream

RATE = 2000
SECONDS = 7
RELOADS = 10


def reload():
    more = UPSTREAMS + [EXTRA_UPSTREAM]
    rows = {name: dict(subject=name, rounds=[]) for name in subjects("http")}
    for name, row in rows.items():
        if not os.path.exists(f"{subject_directory(name)}/reload"):
            row["note"] = "no reload"
    with Upstream(more) as upstream:
        for _ in range(options.rounds):
            for name, row in rows.items():
                if row.get("note"):
                    continue
                try:
                    row["rounds"].append(_round(name, upstream, more))
                except Exception as problem:  # a note in the row, not the end of the run
                    row["note"] = f"{type(problem).__name__} {problem}"
                    print(name, row["note"], file=sys.stderr)
    turn.release()
    for row in rows.values():
        if row["rounds"]:
            middle = row["median"] = median(row["rounds"])
            closed, timeouts, failed = (
                sum(r[key] for r in row["rounds"]) for key in ("closed_errors", "timeouts", "status_5xx"))
            row["extra"] = (
                f"closed {closed:d} timeouts {timeouts:d} 5xx {failed:d} stale-retries {middle['stale_retries']:.0f}; "
                f"new backend got {middle['new_backend_requests']:.0f}; max {middle['max_us'] / 1000:.0f} ms")
    save("11-reload", list(rows.values()), rate=RATE, reloads=RELOADS)


def _round(name, upstream, more):
    subject = Subject(name, name, "http", "reload", UPSTREAMS, reloading=True)
    root = subject.process.pid
    turn.need(SECONDS + 3)
    load.loadgen(subject, 0.5, "-c", 64, "-r", 1000)
    cpu = CPUReading(root)
    upstream.reset()
    command = load.loadgen_command(subject, "-d", SECONDS, "-r", RATE, "-x", "-c", 128)
    generator = process.start(process.pinned(process.LOAD_CORE, command), stdout=subprocess.PIPE)
    time.sleep(0.5)
    took = []
    for number in range(RELOADS):
        began = time.time()
        subject.reload(more if number % 2 == 0 else UPSTREAMS)
        took.append(time.time() - began)
        time.sleep(max(0, 0.55 - (time.time() - began)))
    result = json.loads(generator.stdout.read())
    result["cpu_s"] = CPUReading(root).seconds_since(cpu)
    process.stop(generator)
    result["cpu_us_per_req"] = result["cpu_s"] / result["requests"] * 1e6
    result["rss_kb"] = memory(root)[0]
    result["reload_cmd_ms"] = statistics.median(took) * 1000
    result["new_backend_requests"] = upstream.counts()[EXTRA_UPSTREAM]["requests"]
    result["procs"] = len(process_tree(root))
    subject.stop()
    return result
