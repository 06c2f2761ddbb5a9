#!/usr/bin/env python3
"""Runs load balancers side by side through the same scenarios; see README.md. Standard library only."""

import argparse
import os
import shutil
import signal
import sys
import time

from harness import process, report, targets, tools
from harness.machine import turn
from harness.scenarios import GROUPS, SCENARIOS, expand
from harness.settings import HERE, SCRATCH, options


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    known = " | ".join([*GROUPS, "report", "summary", "verdict", *SCENARIOS])
    parser.add_argument("scenarios", nargs="+", help=known)
    parser.add_argument("--quick", action="store_true", help="3 rounds of 2 s")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--dur", type=float, help="seconds a window")
    parser.add_argument("--warm", type=float, help="seconds of load before each window")
    parser.add_argument("--subjects", help="comma separated; default: every folder of subjects/")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--no-pin", action="store_true")
    parser.add_argument("--no-nice", action="store_true", help="do not run everything at nice -10")
    parser.add_argument("--out", default=HERE + "/results", help="directory of the result files")
    parser.add_argument(
        "--merge", action="store_true",
        help="keep the rows of other subjects already in the result file (not side by side: for fixing one row)")
    parser.add_argument("--cases", help="straggler: mixed,slow2,stall1,uniform")
    parser.add_argument("--labels", help="straggler: only these rows")
    parser.add_argument("--load-share", type=float, default=0.7)
    parser.add_argument("--poisson", action="store_true")
    parser.add_argument("--straggler-dur", type=float, default=6)
    parser.add_argument("--start-timeout", type=float, default=30)
    parser.parse_args(namespace=options)
    options.rounds = options.rounds or (3 if options.quick else 5)
    options.dur = options.dur or (2 if options.quick else 5)
    if options.warm is None:
        options.warm = 0.4 if options.quick else 1
    return parser


def main():
    parser = parse_arguments()
    if options.scenarios == ["summary"]:
        print(report.summary())
        return
    if options.scenarios == ["report"]:
        report.print_report()
        return
    if options.scenarios == ["verdict"]:
        targets.print_targets()
        return
    try:
        names = expand(options.scenarios)
    except KeyError as unknown:
        parser.error(f"unknown scenario {unknown}")
    tools.build()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        for name in names:
            began = time.time()
            SCENARIOS[name]()
            print(f"   [{name}: {time.time() - began:.0f} s]", flush=True)
    finally:
        turn.release()
        process.stop_all()
        shutil.rmtree(f"{SCRATCH}/run-{os.getpid()}", ignore_errors=True)
    if options.scenarios == ["targets"]:
        targets.print_targets()


if __name__ == "__main__":
    main()
