"""What an idle keep-alive connection costs."""

import subprocess
import time

from .. import load, process
from ..machine import CPUReading, memory, turn
from ..measure import median
from ..report import save
from ..settings import UPSTREAMS, options, subjects
from ..subject import Subject, Unsupported
from ..tools import Upstream

CONNECTIONS = 5000


def idle():
    _idle("http")


def idle_tls():
    _idle("https")


def _idle(mode):
    rows = {name: dict(subject=name, rounds=[]) for name in subjects(mode)}
    with Upstream(UPSTREAMS):
        for _ in range(1 if options.quick else 3):
            for name, row in rows.items():
                try:
                    subject = Subject(name, name, mode, "idle-mem", UPSTREAMS)
                except Unsupported as problem:
                    row["note"] = str(problem)
                    continue
                try:
                    row["rounds"].append(_round(subject))
                except Exception as problem:  # a note in the row, not the end of the run
                    row["note"] = f"{type(problem).__name__} {problem}"
                subject.stop()
    turn.release()
    for row in rows.values():
        if row["rounds"]:
            middle = row["median"] = median(row["rounds"])
            row["extra"] = "%.2f KiB/conn, base %.1f MiB, idle CPU %.2f%%, open %d" % (
                middle["kb_per_conn"], middle["rss_before_kb"] / 1024, middle["idle_cpu_pct"], middle["idle"])
    save(f"09-idle-mem-{mode}", list(rows.values()), conns=CONNECTIONS)


def _round(subject):
    root = subject.process.pid
    turn.need(8)
    load.loadgen(subject, 0.5, "-c", 64)
    time.sleep(0.3)
    before = memory(root)[0]
    command = load.loadgen_command(subject, "-i", "-c", CONNECTIONS, "-d", 40, "-P", "/b/64")
    holder = process.start(
        process.pinned(process.LOAD_CORE, command), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    ready = holder.stdout.readline().decode()
    time.sleep(1.0)
    after = memory(root)[0]
    cpu = CPUReading(root)
    time.sleep(2)
    idle_seconds = CPUReading(root).seconds_since(cpu)
    holder.stdin.close()
    holder.stdout.read()
    process.stop(holder)
    return dict(
        idle=int(ready.split()[-1]), rss_before_kb=before, rss_after_kb=after, rss_kb=after,
        kb_per_conn=(after - before) / CONNECTIONS, idle_cpu_pct=100 * idle_seconds / 2)
