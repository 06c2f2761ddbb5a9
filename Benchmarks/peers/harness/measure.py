"""Windows of load, interleaved over the subjects (A B C A B C …), and their medians."""

import statistics
import sys
import time

from . import load
from .machine import CPUReading, core_times, memory, turn
from .settings import options, subjects
from .subject import Subject, Unsupported


def window(subject, generate, warm=load.warm_http):
    """One measured window of one subject; the caller holds the machine-wide lock."""
    if options.warm:
        warm(subject, options.warm)
    root = subject.process.pid
    cores, cpu, began = core_times(), CPUReading(root), time.time()
    result = generate(subject, options.dur)
    seconds, wall, cores_after = CPUReading(root).seconds_since(cpu), time.time() - began, core_times()
    result["cpu_s"] = seconds
    result["cpu_us_per_req"] = seconds / max(1, result["requests"]) * 1e6
    result["proxy_core_use"] = seconds / wall
    for core, (busy, total, stolen) in cores.items():
        passed = max(1, cores_after[core][1] - total)
        result[core + "_busy"] = (cores_after[core][0] - busy) / passed
        result[core + "_steal"] = (cores_after[core][2] - stolen) / passed
    result["rss_kb"], result["pss_kb"] = memory(root)
    if result.get("bytes"):
        result["MBps"] = result["bytes"] / result["secs"] / 1e6
        result["cpu_s_per_GB"] = seconds / (result["bytes"] / 1e9)
    return result


def median(rounds):
    keys = {key for r in rounds for key, value in r.items() if isinstance(value, (int, float))}
    middle = {key: statistics.median([r[key] for r in rounds if key in r]) for key in keys}
    middle["errors_total"] = sum(r.get("errors", 0) for r in rounds)
    costs = sorted(r["cpu_us_per_req"] for r in rounds if "cpu_us_per_req" in r)
    if costs:
        middle["cpu_us_min"], middle["cpu_us_max"] = costs[0], costs[-1]
    return middle


def interleaved(
    scenario, mode, generate, upstreams, entrants=None, warm=load.warm_http, tags="", before=None, after=None, **start
):
    """One row a subject. `entrants`: (label, subject, keyword arguments of Subject); by default every subject that
    has the mode."""
    running, rows = [], []
    for label, name, settings in entrants or [(s, s, {}) for s in subjects(mode)]:
        row = dict(subject=label, tags=tags, rounds=[])
        rows.append(row)
        try:
            subject = Subject(label, name, mode, scenario, upstreams, **{**start, **settings})
        except Unsupported as problem:
            row["note"] = str(problem)
            print(f"  {label}: {problem}", file=sys.stderr)
            continue
        row["start_secs"] = subject.start_seconds
        running.append((subject, row))
    for number in range(options.rounds):
        for subject, row in running:
            try:
                turn.need(options.dur + options.warm + 2)
                if before:
                    before(subject)
                result = window(subject, generate, warm)
                if after:
                    after(subject, result)
                row["rounds"].append(result)
            except Exception as problem:  # one subject's failure is a note in its row, not the end of the run
                row["note"] = f"round {number}: {type(problem).__name__} {problem}"
                print(f"  {subject.label}: {row['note']}", file=sys.stderr)
    turn.release()
    for subject, _ in running:
        subject.stop()
    for row in rows:
        if row["rounds"]:
            row["median"] = median(row["rounds"])
    return rows
