#!/usr/bin/env python3
"""Changing conditions on real sockets: which algorithm of Aya does best in each, and over all of them in one run.

Six servers of four places each, exponential service of 5 ms, open-loop load. In turn nothing is wrong; two servers are
ten times slower; two freeze for 200 ms every 2 s; one answers half of its requests at once with an error; two are
gone. Each algorithm lives through all of it in one run of one Aya, one algorithm after the other.

    measure.py                                    # ten minutes an algorithm
    measure.py --phase 20 --algorithms auto,least_connections,round_robin

The loss of a phase is ln(p99 / 5 ms) + ½ ln(mean / 5 ms) + 20 × share of failures. The load tool and the servers are those
of ../peers. Python 3, standard library, gcc.
"""

import argparse
import http.client
import json
import math
import os
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.realpath(f"{HERE}/../..")
ALGORITHMS = "auto,least_response_time,prequal,peak_ewma,least_connections,power_of_two,round_robin"
LISTENER, ADMIN, FIRST = 19700, 19701, 19710
SERVERS = [FIRST + index for index in range(6)]
SERVICE = 0.005
TIMEOUT = 2_000

GOOD = "5000:exp:4:0:0:0"
SLOW = "50000:exp:4:0:0:0"
FREEZING = "5000:exp:4:2000:200:0"
FAILING = "5000:exp:4:0:0:50"
GONE = "-1"
PHASES = [
    ("uniform", [GOOD] * 6),
    ("slow", [SLOW] * 2 + [GOOD] * 4),
    ("freezing", [GOOD] * 2 + [FREEZING] * 2 + [GOOD] * 2),
    ("errors", [GOOD] * 5 + [FAILING]),
    ("capacity lost", [GONE] * 2 + [GOOD] * 4),
]


def build(directory):
    for name, libraries in (("upstream", ["-lm"]), ("loadgen", ["-lssl", "-lcrypto", "-lm"])):
        source = f"{HERE}/../peers/tools/{name}.c"
        subprocess.run(["gcc", "-O2", "-o", f"{directory}/{name}", source, *libraries], check=True,
                       stderr=subprocess.DEVNULL)


def ask(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read()


def configuration(algorithm, hedge):
    servers = "\n".join(f"      - 127.0.0.1:{port}" for port in SERVERS)
    return f"""
listeners: {{ main: {{ bind: "127.0.0.1:{LISTENER}" }} }}
admin: {{ bind: "127.0.0.1:{ADMIN}" }}
pools:
  servers:
    balance: {algorithm}
    hedge: {hedge}
    idle_connections: 512
    outliers: {{ eject_for: 5s, max_eject_for: 10s }}
    servers:
{servers}
access_log: off
workers: 1
"""


def loss(answer):
    failures = answer["errors"] / max(1, answer["requests"])
    p99, mean = answer["p99_us"] / 1e6, answer["mean_us"] / 1e6
    return math.log(max(p99, 1e-6) / SERVICE) + 0.5 * math.log(max(mean, 1e-6) / SERVICE) + 20 * failures


def wait_ready(aya):
    for _ in range(200):
        if aya.poll() is not None:
            sys.exit("aya has ended")
        try:
            if ask(ADMIN, "/readyz")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.05)
    sys.exit("aya does not become ready")


def run(algorithm, options, directory):
    """What each phase of one run gave."""
    path = f"{directory}/{algorithm}.yaml"
    with open(path, "w") as file:
        file.write(configuration(algorithm, options.hedge))
    ports = ",".join(map(str, SERVERS))
    upstream = subprocess.Popen([f"{directory}/upstream", "-p", ports], stdout=subprocess.PIPE)
    upstream.stdout.readline()
    aya = subprocess.Popen([options.aya, "run", "-c", path], stderr=subprocess.DEVNULL)
    results = []
    try:
        wait_ready(aya)
        load = [f"{directory}/loadgen", "-p", str(LISTENER), "-c", "1500", "-t", str(TIMEOUT), "-x"]
        for name, models in PHASES:
            for port, model in zip(SERVERS, models):
                # The last one is never gone.
                ask(SERVERS[-1], f"/__model/{port}:{model}")
            done = subprocess.run([*load, "-r", str(options.rate), "-d", str(options.phase)], stdout=subprocess.PIPE,
                                  check=True)
            answer = json.loads(done.stdout.splitlines()[-1])
            answer["loss"] = loss(answer)
            results.append(answer)
            print(f"{algorithm:20} {name:14} p50 {answer['p50_us'] / 1e3:7.1f}  p99 {answer['p99_us'] / 1e3:7.1f}  "
                  f"mean {answer['mean_us'] / 1e3:7.1f} ms  failed {100 * answer['errors'] / answer['requests']:.3f} %  "
                  f"loss {answer['loss']:.3f}", flush=True)
    finally:
        aya.terminate()
        aya.wait()
        upstream.kill()
        upstream.wait()
    return results


def table(results):
    print("\n| p99, ms (failed) | " + " | ".join(name for name, _ in PHASES) + " | mean loss |")
    print("|---|" + "---|" * (len(PHASES) + 1))
    for algorithm, phases in results.items():
        cells = [f"{phase['p99_us'] / 1e3:.1f}"
                 + (f" ({100 * phase['errors'] / phase['requests']:.2f} %)" if phase["errors"] else "")
                 for phase in phases]
        mean = sum(phase["loss"] for phase in phases) / len(phases)
        print(f"| `{algorithm}` | " + " | ".join(cells) + f" | {mean:.3f} |")
    fixed = {name: phases for name, phases in results.items() if name != "auto"}
    if "auto" in results and fixed:
        print()
        for index, (name, _) in enumerate(PHASES):
            best = min(fixed, key=lambda one: fixed[one][index]["loss"])
            ratio = results["auto"][index]["p99_us"] / max(1, fixed[best][index]["p99_us"])
            print(f"{name}: the p99 of auto is {ratio:.2f} times that of {best}, the best fixed one")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--aya", default=f"{ROOT}/.build/release/aya")
    parser.add_argument("--algorithms", default=ALGORITHMS)
    parser.add_argument("--phase", type=float, default=120, help="seconds")
    parser.add_argument("--rate", type=float, default=2_100, help="requests a second")
    parser.add_argument("--hedge", default="off", help="of every algorithm: off, auto, or '{ after: p95 }'")
    parser.add_argument("--out", help="a file for the figures, as JSON")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        build(directory)
        results = {algorithm: run(algorithm, options, directory) for algorithm in options.algorithms.split(",")}
    table(results)
    if options.out:
        with open(options.out, "w") as file:
            json.dump(results, file, indent=1)


if __name__ == "__main__":
    main()
