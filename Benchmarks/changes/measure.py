#!/usr/bin/env python3
"""What changes cost the traffic: the latency of 2,000 requests a second (open loop, from the intended time of sending)
while nothing changes, and during 20 reloads and 3 upgrades, in turns within one run; and what memory is left over.

    .venv/bin/python Benchmarks/changes/measure.py [--aya .build/release/aya] [--rounds 3] [--seconds 15] [--json]

HTTP/2 and WebSocket clients are there in both halves. Ends with 1 when something failed. The ratio is the figure to
look at: it compares halves of the same run."""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [os.path.join(ROOT, "Tests/Scenarios")]

options = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
options.add_argument("--aya", default=os.path.join(ROOT, ".build/release/aya"), help="the program")
options.add_argument("--rounds", type=int, default=3)
options.add_argument("--seconds", type=int, default=15, help="of each half of a round")
options.add_argument("--rate", type=int, default=2_000, help="requests a second")
options.add_argument("--reloads", type=int, default=20)
options.add_argument("--upgrades", type=int, default=3)
options.add_argument("--by", choices=["api", "command"], default="api",
                     help="how changes are asked for: a command on the same machine takes processor time to start, too")
options.add_argument("--workers", type=int, default=2)
options.add_argument("--json", action="store_true")
options = options.parse_args()
os.environ["AYA_BIN"] = options.aya

from support.aya import wait_until  # noqa: E402
from support.client import Client, ask  # noqa: E402
from support.ports import reserve_port  # noqa: E402
from support.steady2 import Steady2  # noqa: E402
from support.upstream import Upstream  # noqa: E402
from test_changes_under_load import Talk  # noqa: E402
from test_upgrade import accept_and_echo, upgraded  # noqa: E402

SETTLED = 5.0  # seconds until what has ended has given back its memory


class Site:
    """An Aya with reloads that each take a server out, bring one in and change routes."""

    def __init__(self, directory):
        self.directory = directory
        self.program, self.path = f"{directory}/aya", f"{directory}/aya.yaml"
        shutil.copy(options.aya, self.program)
        subprocess.run(["strip", self.program], check=True)
        self.tools()
        self.ports = [reserve_port() for _ in range(3)]
        self.port, self.admin = reserve_port(), reserve_port()
        self.responder = subprocess.Popen(
            [f"{directory}/upstream", "-p", ",".join(map(str, self.ports))], stdout=subprocess.PIPE)
        self.responder.stdout.readline()
        self.echo = Upstream(accept_and_echo)
        self.number = 0
        self.write()
        self.log = open(f"{directory}/log", "w")
        self.first = subprocess.Popen([self.program, "run", "-c", self.path], stderr=self.log, stdout=self.log)
        wait_until(self.is_ready, 30, "Aya being ready")

    def tools(self):
        source = os.path.join(ROOT, "Benchmarks/peers/tools")
        for name, libraries in {"upstream": ["-lm"], "loadgen": ["-lssl", "-lcrypto", "-lm"]}.items():
            subprocess.run(["gcc", "-O2", "-o", f"{self.directory}/{name}", f"{source}/{name}.c", *libraries],
                           check=True, stderr=subprocess.DEVNULL)

    def is_ready(self):
        try:
            return ask(self.admin, target="/readyz", host="localhost").status == 200
        except Exception:
            return False

    def write(self):
        number = self.number
        chosen = [f"127.0.0.1:{self.ports[(number + step) % 3]}" for step in range(2)]
        configuration = {
            "workers": options.workers, "admin": {"bind": f"127.0.0.1:{self.admin}"}, "state": self.directory,
            "listeners": {"web": {"bind": f"127.0.0.1:{self.port}"}}, "drain": {"grace": "1s"},
            "pools": {"main": {"servers": chosen, "timeouts": {"response": f"{10 + number % 20}s"}},
                      "ws": {"servers": [self.echo.address]}},
            "routes": {"all": {"pool": "main"}, "ws": {"path": "/socket", "pool": "ws"},
                       f"r{number}": {"path": f"/r{number}", "respond": {"status": 204}}}}
        with open(self.path, "w") as file:
            json.dump(configuration, file)

    def command(self, name):
        done = subprocess.run([self.program, name, "--admin", f"127.0.0.1:{self.admin}"], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def reload(self):
        self.number += 1
        self.write()
        self.ask("reload")

    def upgrade(self):
        self.ask("upgrade")

    def ask(self, what):
        if options.by == "command":
            self.command(what)
        else:
            answer = ask(self.admin, "POST", f"/v1/{what}", host="localhost", timeout=60)
            assert answer.status == 200, answer.body

    @property
    def processes(self):
        found = []
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{name}/cmdline", "rb") as file:
                    if file.read().startswith(self.program.encode() + b"\0run\0"):
                        found.append(int(name))
            except OSError:
                pass
        return found

    def memory(self):
        """MiB that are private to all of its processes, when those that hand over have ended."""
        wait_until(lambda: len(self.processes) == 1, 30, "the end of all processes but one")
        time.sleep(SETTLED)
        with open(f"/proc/{self.processes[0]}/smaps_rollup") as file:
            return sum(int(line.split()[1]) for line in file if line.startswith("Private_")) / 1024

    def load(self, seconds, changes):
        """The load generator's report; `changes` is called meanwhile."""
        generator = subprocess.Popen(
            [f"{self.directory}/loadgen", "-p", str(self.port), "-d", str(seconds), "-r", str(options.rate), "-c", "64"],
            stdout=subprocess.PIPE)
        changes()
        return json.loads(generator.communicate()[0])

    def stop(self):
        for process in self.processes:
            os.kill(process, 9)
        self.first.wait()
        self.responder.kill()


def change(site, seconds):
    """Spread evenly, half a second from either end."""
    total = options.reloads + options.upgrades
    every = (seconds - 1.0) / total
    began = time.monotonic() + 0.5
    upgrades = {round((one + 0.5) * total / options.upgrades) for one in range(options.upgrades)}
    for number in range(total):
        time.sleep(max(0, began + number * every - time.monotonic()))
        site.upgrade() if number in upgrades else site.reload()
    late = time.monotonic() - began - total * every
    assert late < 1, f"changes took {late:.1f} s longer than there was time for"


def half(site, changes):
    talks = [Talk(upgraded(lambda port: Client(port), site.port)) for _ in range(2)]
    with Steady2(site.port, clients=2, pause=0.02) as steady:
        report = site.load(options.seconds, changes)
    for talk in talks:
        talk.end()
        talk.tunnel.close()
    problems = report["errors"] + report["status_5xx"] + len(steady.problems)
    assert steady.answered > 50
    return {key: report[key] / 1000 for key in ("p50_us", "p99_us", "p999_us", "max_us")} | {
        "requests": report["requests"], "problems": problems, "stale": report["stale_retries"]}


def take_precedence():
    """Over whatever else runs on the machine, as far as it is permitted: a session with a scheduler group of its own."""
    try:
        os.setsid()
        with open("/proc/self/autogroup", "w") as file:
            file.write("-10")
        os.nice(-10)
    except OSError:
        pass


def main():
    take_precedence()
    rounds = []
    with tempfile.TemporaryDirectory() as directory:
        site = Site(directory)
        try:
            half(site, lambda: time.sleep(options.seconds / 2))  # whatever the first requests cost is no one's
            first = site.memory()
            for _ in range(options.rounds):
                before = half(site, lambda: None)
                during = half(site, lambda: change(site, options.seconds))
                rounds.append({"before": before, "during": during, "memory": site.memory(),
                               "ratio": during["p99_us"] / before["p99_us"]})
                if not options.json:
                    show(rounds[-1])
        finally:
            site.stop()
    ratio = statistics.median(one["ratio"] for one in rounds)
    failed = sum(one[part]["problems"] for one in rounds for part in ("before", "during"))
    summary = {"ratio": ratio, "failed": failed, "memory_first": first, "memory_last": rounds[-1]["memory"]}
    if options.json:
        print(json.dumps({"rounds": rounds, **summary}, indent=1))
    else:
        print(f"p99 during / before: {ratio:.2f} (median of {len(rounds)}); {failed} failed; "
              f"memory {first:.1f} -> {rounds[-1]['memory']:.1f} MiB")
    sys.exit(failed > 0)


def show(one):
    for part in ("before", "during"):
        half = one[part]
        print(f"{part:7} {half['requests']:6} requests, p50 {half['p50_us']:.2f} ms, p99 {half['p99_us']:.2f} ms, p99.9 "
              f"{half['p999_us']:.2f} ms, max {half['max_us']:.1f} ms, {half['stale']} asked again, "
              f"{half['problems']} failed")
    print(f"        ratio {one['ratio']:.2f}, memory {one['memory']:.1f} MiB", flush=True)


main()
