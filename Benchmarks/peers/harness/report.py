"""Result files, and the tables made of them."""

import glob
import json
import os
import sys
import time

from .settings import is_peer, options
from .versions import versions

_versions = {}


def save(name, rows, **parameters):
    os.makedirs(options.out, exist_ok=True)
    suffix = ""
    if options.workers != 1 or options.no_pin:
        suffix = f"-w{options.workers}" + ("-nopin" if options.no_pin else "")
    path = f"{options.out}/{name}{suffix}.json"
    if options.merge and os.path.exists(path):  # keep the rows of subjects not run this time
        measured = {row["subject"] for row in rows}
        rows = [row for row in load_result(path)["rows"] if row["subject"] not in measured] + rows
    if not _versions:
        _versions.update(versions())
    parameters.update(
        dur=options.dur, warm=options.warm, rounds=options.rounds, workers=options.workers,
        pinned=not options.no_pin, quick=options.quick)
    date = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    with open(path, "w") as file:
        json.dump(dict(scenario=name, date=date, params=parameters, versions=_versions, rows=rows), file, indent=1)
    print_table(name, rows)
    return rows


def load_result(path):
    with open(path) as file:
        return json.load(file)


def load_results(directory):
    """Every result of a directory, by scenario, in order of the file names."""
    return {os.path.basename(path)[:-5]: load_result(path) for path in sorted(glob.glob(directory + "/*.json"))}


def best_of_peers(rows, metric):
    values = [row["median"][metric] for row in rows if row.get("median") and is_peer(row["subject"])
              and row["median"].get(metric)]
    return min(values, default=None)


def milliseconds(microseconds):
    if microseconds is None:
        return "-"
    return f"{microseconds / 1000:.2f}" if microseconds < 100000 else f"{microseconds / 1000:.0f}"


def is_bulk(row):
    return "bulk" in row.get("tags", "") and "cpu_s_per_GB" in (row.get("median") or {})


def print_table(name, rows):
    print(f"\n== {name}")
    best = best_of_peers(rows, "cpu_us_per_req") or 1
    bulk = any(is_bulk(row) for row in rows)
    heads = ("req/s", 9), ("p50ms", 8), ("p99ms", 8), ("p99.9ms", 8), ("errors", 7), ("cpu us/req", 10), \
        ("(min-max)", 15), ("x best", 6), ("core0", 6), ("RSS MiB", 8)
    print(f"{'subject':26} " + " ".join(f"{text:>{width}}" for text, width in heads)
          + (f" {'MB/s':>7} {'cpu s/GB':>8}" if bulk else ""))
    for row in rows:
        middle = row.get("median")
        if not middle:
            print(f"{row['subject']:26} -- {row.get('note', '')[:110]}")
            continue
        cost = middle.get("cpu_us_per_req", 0)
        spread = "%.1f-%.1f" % (middle.get("cpu_us_min", 0), middle.get("cpu_us_max", 0))
        print(f"{row['subject']:26} {middle.get('rps', 0):9.0f} {milliseconds(middle.get('p50_us')):>8} "
              f"{milliseconds(middle.get('p99_us')):>8} {milliseconds(middle.get('p999_us')):>8} "
              f"{middle['errors_total']:7.0f} {cost:10.1f} {spread:>15} {cost / best:6.2f} "
              f"{100 * middle.get('proxy_core_use', 0):5.0f}% {middle.get('rss_kb', 0) / 1024:8.1f}"
              + (f" {middle.get('MBps', 0):7.0f} {middle.get('cpu_s_per_GB', 0):8.3f}" if bulk else "")
              + (f"  {row['extra']}" if row.get("extra") else ""))
    sys.stdout.flush()


def print_report():
    for name, result in load_results(options.out).items():
        print_table(name, result["rows"])


def summary():
    """One Markdown page: CPU us per request (ratio to the best peer) and requests/s, by scenario and subject."""
    results = load_results(options.out)
    special = ("09", "11", "12", "13")
    plain = {name: result for name, result in results.items() if not name.startswith(special)}
    page = ["CPU microseconds per request (times the best peer) / requests per second; medians.", ""]
    page += _plain_table(plain)
    for name, result in results.items():
        if name.startswith("09"):
            page += _memory_table(name, result)
        elif name.startswith(special):
            page += _latency_table(name, result)
    return "\n".join(page)


def _plain_table(results):
    columns = []
    for result in results.values():
        columns += [row["subject"] for row in result["rows"] if row.get("median") and row["subject"] not in columns]
    lines = ["| scenario | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for name, result in results.items():
        measured = {row["subject"]: row["median"] for row in result["rows"] if row.get("median")}
        if not measured:
            continue
        bulk = "bulk" in result["rows"][0].get("tags", "")
        metric, speed = ("cpu_s_per_GB", "MBps") if bulk else ("cpu_us_per_req", "rps")
        best = best_of_peers(result["rows"], metric) or 1

        def cell(subject):
            if subject not in measured:
                return "-"
            m = measured[subject]
            errors = f" **{m['errors_total']:.0f} err**" if m["errors_total"] else ""
            return f"{m[metric]:.3g} ({m[metric] / best:.2f}) / {m[speed]:.0f}{errors}"

        unit = " (CPU s/GB / MB/s)" if bulk else ""
        lines.append(f"| {name}{unit} | " + " | ".join(cell(subject) for subject in columns) + " |")
    return lines


def _memory_table(name, result):
    lines = ["", f"**{name}** (5000 idle connections)", ""]
    lines += ["| subject | KiB RSS per connection | base RSS MiB | idle CPU % |", "|---|---|---|---|"]
    for row in result["rows"]:
        if row.get("median"):
            m = row["median"]
            base = m["rss_before_kb"] / 1024
            lines.append(f"| {row['subject']} | {m['kb_per_conn']:.2f} | {base:.1f} | {m['idle_cpu_pct']:.2f} |")
    return lines


def _latency_table(name, result):
    shown = [f"{k} {v}" for k, v in result["params"].items() if k in ("rate", "capacity", "conns", "window", "rounds")]
    lines = ["", f"**{name}** ({', '.join(shown)})", ""]
    lines += ["| subject | req/s | p50 ms | p99 ms | p99.9 ms | errors | CPU us/req | notes |", "|---" * 8 + "|"]
    for row in result["rows"]:
        m = row.get("median")
        if not m:
            lines.append(f"| {row['subject']} | | | | | | | {row.get('note', '')[:100]} |")
            continue
        lines.append(
            f"| {row['subject']} | {m.get('rps', 0):.0f} | {milliseconds(m.get('p50_us'))} | "
            f"{milliseconds(m.get('p99_us'))} | {milliseconds(m.get('p999_us'))} | {m['errors_total']:.0f} | "
            f"{m.get('cpu_us_per_req', 0):.1f} | {row.get('extra') or ''} |")
    return lines
