"""Every subject in every mode it names, one request each, and one reload: no load, so no lock."""

import http.client
import os
import time

from ..machine import memory, process_tree
from ..settings import EXTRA_UPSTREAM, SCRATCH, UPSTREAMS, subject_directory, subjects
from ..subject import Subject, Unsupported
from ..tools import CallServer, UDPEcho, Upstream

MODES = ("http", "https", "tcp", "udp", "dns", "grpc")


def check():
    routes = f"{SCRATCH}/routes-check.tsv"
    with open(routes, "w") as file:
        file.write("a.test\t/\nb.test\t/x/\n")
    variants = [{}, dict(routes=routes, host="a.test"), dict(algorithm="leastconn"), dict(algorithm="p2c")]
    failed = 0
    with Upstream(UPSTREAMS + [EXTRA_UPSTREAM]), UDPEcho(UPSTREAMS):
        for mode in MODES[:-1]:
            for name in subjects(mode):
                for settings in variants if mode == "http" else [{}]:
                    failed += not _starts(name, mode, settings)
            if mode == "http":
                for name in subjects(mode):
                    if os.path.exists(f"{subject_directory(name)}/reload"):
                        failed += not _reloads(name)
    with CallServer(UPSTREAMS):
        for name in subjects("grpc"):
            failed += not _starts(name, "grpc", {})
    print(f"{failed} failed")


def _starts(name, mode, settings):
    try:
        subject = Subject(name, name, mode, "check", UPSTREAMS, **settings)
    except Unsupported as problem:
        if problem.by_choice:
            print(f"--   {mode:6} {name:10} {settings or ''} {problem}", flush=True)
            return True
        print(f"FAIL {mode:6} {name:10} {settings or ''} {problem}", flush=True)
        return False
    root = subject.process.pid
    print(f"ok   {mode:6} {name:10} {subject.start_seconds:5.2f} s  {len(process_tree(root))} processes, "
          f"RSS {memory(root)[0] // 1024} MiB {settings or ''}", flush=True)
    subject.stop()
    return True


def _reloads(name):
    try:
        subject = Subject(name, name, "http", "check", UPSTREAMS, reloading=True)
        subject.reload(UPSTREAMS + [EXTRA_UPSTREAM])
        began, seen = time.time(), False
        while time.time() - began < 5 and not seen:
            client = http.client.HTTPConnection("127.0.0.1", subject.port, timeout=5)
            client.request("GET", "/b/1")
            response = client.getresponse()
            seen = response.getheader("X-Backend") == str(EXTRA_UPSTREAM)
            response.read()
            client.close()
            time.sleep(0.02)
        verdict = "ok  " if seen else "FAIL"
        print(f"{verdict} reload {name:10} new backend seen after {time.time() - began:.2f} s", flush=True)
        subject.stop()
        return seen
    except Exception as problem:
        print(f"FAIL reload {name:10} {type(problem).__name__} {problem}", flush=True)
        return False
