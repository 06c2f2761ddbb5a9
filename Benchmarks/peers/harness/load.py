"""The load tools. Each call runs one window against a subject and returns what the tool measured."""

import json
import os
import re
import subprocess

from . import process
from .settings import CALL, SCRATCH


def run_tool(argv, timeout=120):
    argv = process.pinned(process.LOAD_CORE, argv)
    return subprocess.run(
        argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout, start_new_session=True)


def wrk(subject, seconds, path="/b/1024", connections=64):
    scheme = "https" if subject.mode == "https" else "http"
    # wrk takes whole seconds only
    argv = ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "5s"]
    argv += ["-s", f"{SCRATCH}/report.lua", f"{scheme}://127.0.0.1:{subject.port}{path}"]
    ran = run_tool(argv)
    found = re.search(rb"JSON (\{.*\})", ran.stdout)
    if not found:
        raise RuntimeError("wrk: " + (ran.stdout + ran.stderr).decode()[-300:])
    return json.loads(found.group(1))


def loadgen_command(subject, *arguments):
    argv = [f"{SCRATCH}/loadgen", "-p", str(subject.port)] + [str(x) for x in arguments]
    return argv + (["-s"] if subject.mode == "https" else [])


def loadgen(subject, seconds, *arguments, timeout=120):
    ran = run_tool(loadgen_command(subject, "-d", seconds, *arguments), timeout)
    if ran.returncode:
        raise RuntimeError(f"loadgen exit {ran.returncode}: {ran.stderr.decode()[-200:]}")
    return json.loads(ran.stdout.splitlines()[-1])


def h2load(subject, seconds, path="/b/1024", connections=16, streams=32, size=0, arguments=()):
    """`size`: bytes of each answer's body, where the bytes are what counts."""
    scheme = "https" if subject.mode == "https" else "http"
    log = f"/dev/shm/h2load.{os.getpid()}.log"
    if os.path.exists(log):
        os.unlink(log)
    argv = ["h2load", "-t1", f"-c{connections}", f"-m{streams}", "-D", str(max(1, round(seconds))), "--log-file=" + log]
    said = run_tool(argv + [*arguments, f"{scheme}://127.0.0.1:{subject.port}{path}"]).stdout.decode()
    totals = re.search(
        r"requests: \d+ total, \d+ started, \d+ done, \d+ succeeded, (\d+) failed, (\d+) errored, (\d+) timeout", said)
    if not totals or not re.search(r"finished in ([\d.]+)(m?s), ([\d.]+) req/s", said):
        raise RuntimeError("h2load: " + said[-300:])
    failed, errored, timed_out = map(int, totals.groups())
    latencies, refused = [], 0
    with open(log) as file:
        for line in file:
            fields = line.split("\t")
            if fields[1] == "200":
                latencies.append(int(fields[2]))
            elif fields[1] != "-1":
                refused += 1
    os.unlink(log)
    latencies.sort()

    def quantile(q):
        return latencies[min(len(latencies) - 1, int(len(latencies) * q))] if latencies else 0

    bulk = dict(bytes=size * len(latencies)) if size else {}
    # Requests cut off by the end of the run are no errors; other answers than 2xx and h2load's errored count are.
    return dict(
        requests=len(latencies), secs=seconds, rps=len(latencies) / seconds, p50_us=quantile(0.5),
        p99_us=quantile(0.99), p999_us=quantile(0.999), errors=refused + errored + timed_out, h2load_failed=failed,
        **bulk)


def calls(subject, seconds, connections=16, streams=32):
    """Unary calls of gRPC, of a hundred bytes."""
    arguments = ["-d", f"{SCRATCH}/calls{CALL}", "-H", "content-type: application/grpc", "-H", "te: trailers"]
    return h2load(subject, seconds, CALL, connections, streams, arguments=arguments)


def udp(subject, seconds, flows=64, size=200):
    argv = [f"{SCRATCH}/udptool", "load", str(subject.port), str(flows), str(seconds), str(size)]
    return json.loads(run_tool(argv).stdout)


def dnsperf(subject, seconds):
    queries = f"{SCRATCH}/dns.txt"
    with open(queries, "w") as file:
        file.write("www.example.test A\ngeo.example.test A\n")
    argv = ["dnsperf", "-s", "127.0.0.1", "-p", str(subject.port), "-d", queries, "-c", "8", "-T", "1"]
    said = run_tool(argv + ["-l", str(max(1, round(seconds))), "-q", "100"]).stdout.decode()

    def number(pattern):
        return float(re.search(pattern, said).group(1))

    return dict(
        requests=int(number(r"Queries completed:\s+(\d+)")), errors=int(number(r"Queries lost:\s+(\d+)")),
        rps=number(r"Queries per second:\s+([\d.]+)"), secs=number(r"Run time \(s\):\s+([\d.]+)"),
        p50_us=number(r"Average Latency \(s\):\s+([\d.]+)") * 1e6,
        codes=re.search(r"Response codes:\s+(.*)", said).group(1))


def warm_http(subject, seconds):
    loadgen(subject, seconds, "-c", 64, "-P", subject.probe.replace("/b/77", "/b/1024"), "-H", subject.host)


def warm_udp(subject, seconds):
    udp(subject, seconds)
