"""Where the subject `aya` stands against what it must reach (../../targets.json)."""

import json
import os

from .report import best_of_peers, load_results
from .settings import HERE, options

TARGETS_FILE = os.path.join(os.path.dirname(HERE), "targets.json")


def print_targets(subject="aya"):
    with open(TARGETS_FILE) as file:
        targets = json.load(file)["targets"]
    results = load_results(options.out)
    print(f"\n== targets ({subject})")
    print(f"{'what':44} {'aya':>9} {'against':>9} {'ratio':>7} {'target':>8}  reached?")
    reached = 0
    for target in targets:
        line, met = _line(target, results, subject)
        reached += met
        print(line)
    print(f"{reached} of {len(targets)} targets reached", flush=True)


def _line(target, results, subject):
    metric, what = target["metric"], target["what"]
    subject = target.get("subject", subject)
    rows = results.get(target["scenario"], {}).get("rows", [])
    measured = _median_of(rows, subject, metric)
    if measured is None:
        return f"{what:44} {'-':>9} {'-':>9} {'-':>7} {'-':>8}  not measured", False
    if "at_most" in target:
        met = measured <= target["at_most"]
        bound = f"<= {target['at_most']:g}"
        return f"{what:44} {measured:9.3g} {'-':>9} {'-':>7} {bound:>8}  {_verdict(met)}", met
    if "against" in target:
        reference = _median_of(results.get(target["against"], {}).get("rows", []), subject, metric)
    elif "peer" in target:
        reference = _median_of(rows, target["peer"], metric)
    else:
        reference = best_of_peers(rows, metric)
    if not reference:
        return f"{what:44} {measured:9.3g} {'-':>9} {'-':>7} {'-':>8}  nothing to compare with", False
    ratio = measured / reference
    met = ratio <= target["ratio"]
    bound = f"<= {target['ratio']:.2f}"
    return f"{what:44} {measured:9.3g} {reference:9.3g} {ratio:7.2f} {bound:>8}  {_verdict(met)}", met


def _median_of(rows, subject, metric):
    for row in rows:
        if row["subject"] == subject and row.get("median"):
            return row["median"].get(metric)
    return None


def _verdict(met):
    return "yes" if met else "NO"
