"""What telling of traffic must never do to traffic: a collector that hangs, names without end, a clock that jumps."""

import contextlib
import json
import os
import socket
import struct
import subprocess
import time

from support.aya import wait_until
from support.client import Client, ask

CLOCK = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
// The wall clock, moved by as many seconds as the mapped file CLOCK_OFFSET says.
static volatile int64_t none, *offset = &none;
static int (*original)(clockid_t, struct timespec *);
__attribute__((constructor)) static void map(void) {
  const char *path = getenv("CLOCK_OFFSET");
  int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  void *p = fd < 0 ? MAP_FAILED : mmap(0, 8, PROT_READ, MAP_SHARED, fd, 0);
  if (p != MAP_FAILED) offset = p;
  original = dlsym(RTLD_NEXT, "clock_gettime");
}
int clock_gettime(clockid_t clock, struct timespec *time) {
  int result = original ? original(clock, time) : -1;
  if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) time->tv_sec += *offset;
  return result;
}
"""


class WallClock:
    """The machine's, as one Aya sees it."""

    def __init__(self, directory):
        self.path, self.library = str(directory / "offset"), str(directory / "clock.so")
        self.jump(0)
        subprocess.run(["gcc", "-O2", "-shared", "-fPIC", "-x", "c", "-", "-o", self.library], input=CLOCK.encode(),
                       check=True)

    @property
    def environment(self):
        return {**os.environ, "LD_PRELOAD": self.library, "CLOCK_OFFSET": self.path}

    def jump(self, seconds):
        with open(self.path, "r+b" if os.path.exists(self.path) else "wb") as file:
            file.write(struct.pack("q", seconds))


def metrics(aya):
    return ask(aya.admin, target="/metrics", host="localhost").body.decode()


def value(aya, series):
    return next((float(line.split(" ")[-1]) for line in metrics(aya).splitlines() if line.startswith(series + " ")), 0)


def memory(aya):
    with open(f"/proc/{aya.process.pid}/statm") as file:
        return int(file.read().split()[1]) * 4096


def test_a_collector_that_hangs(proxy, upstream, relay, tmp_path):
    """It takes batches and never answers: its log's queue fills up to its bound, the rest is lost and counted."""

    def take(server, connection):
        while connection.recv(65536):
            pass

    hanging = relay(take)
    aya = proxy(upstream(), access_logs={
        "loki": {"loki": {"url": f"http://{hanging.address}"}},
        "file": {"file": str(tmp_path / "log"), "template": "{url.path}"}}, access_log="off")
    before, count = memory(aya), 0
    long = "x" * 3900
    with Client(aya.port) as client:
        # A record is some 8 KiB, the queue 4 MiB, and a batch 1 MiB.
        while value(aya, 'aya_access_log_dropped_total{log="loki"}') == 0:
            assert count < 5_000, "the queue has no end"
            for _ in range(100):
                count += 1
                assert client.get(f"/{count}/{long}", headers={"User-Agent": long}).status == 200
            # A block that is not full goes its way within a second.
            time.sleep(0.05)
    assert value(aya, 'aya_access_log_queue_blocks{log="loki"}') <= 64
    assert value(aya, 'aya_access_log_dropped_total{log="file"}') == 0
    wait_until(lambda: value(aya, 'aya_access_log_records_total{log="file"}') == count, timeout=30)
    with open(tmp_path / "log") as file:
        assert len(file.readlines()) == count
    assert memory(aya) - before < 64 << 20
    aya.may_have_ended = True
    assert aya.stop(timeout=60) == 0


def series(text):
    return {line.rsplit(" ", 1)[0] for line in text.splitlines() if not line.startswith("#")}


def test_names_without_end(proxy, upstream):
    """Whatever clients make up, hosts, paths, methods, agents and traces, makes no series."""
    aya = proxy(upstream())
    with Client(aya.port) as client:
        def send(number):
            answer = client.request(f"M{number}", f"/p{number}/a?q={number}", host=f"h{number}.example", headers={
                "User-Agent": f"agent {number}", "X-Request-Id": f"id-{number}",
                "traceparent": f"00-{number + 1:032x}-{number + 1:016x}-01"})
            assert answer.status == 200

        send(0)
        first = metrics(aya)
        for number in range(1, 2_000):
            send(number)
        last = metrics(aya)
    assert len(series(last) - series(first)) < 20
    assert "p1999" not in last and "h1999" not in last and "M1999" not in last


def test_a_hundred_thousand_names(proxy, upstream):
    """So many that nothing could keep them: no series, and no memory either."""
    aya = proxy(upstream(), routes={"all": {"respond": {"status": 204}}})

    def send(numbers):
        with socket.create_connection(("127.0.0.1", aya.port), timeout=30) as connection:
            connection.sendall(b"".join(
                f"M{n} /p{n}/a?q={n} HTTP/1.1\r\nHost: h{n}.example\r\nUser-Agent: agent {n}\r\n\r\n".encode()
                for n in numbers))
            answers = b""
            while answers.count(b"HTTP/1.1 204 ") < len(numbers):
                piece = connection.recv(1 << 16)
                assert piece, answers[-200:]
                answers += piece

    send(range(500))
    first, before = metrics(aya), aya.resident_bytes
    for start in range(500, 100_500, 500):
        send(range(start, start + 500))
    last, after = metrics(aya), aya.resident_bytes
    assert len(series(last) - series(first)) < 20
    assert after - before < 16 << 20, (before, after)


def test_a_clock_that_jumps(start, upstream, port, tmp_path):
    """Three days ahead and six back: traffic goes on, durations stay true, records say what the clock says."""
    clock, listening, server, sent = WallClock(tmp_path), port(), upstream(), []
    aya = start({
        "listeners": {"web": {"bind": f"127.0.0.1:{listening}"}},
        "routes": {"all": {"pool": "main", "slo": {"availability": "99.9%"}}},
        "pools": {"main": {"servers": [server.address]}}, "tracing": {"sample": "100%"},
        "access_log": {"file": str(tmp_path / "log"), "rotate": {"age": "24h", "keep": 5}},
        "alerts": {"rules": {"errors": {"error_rate": "50%", "for": "0s"}}}}, env=clock.environment)

    def lines():
        found = []
        for name in os.listdir(tmp_path):
            # One that is put aside just now is found at the next look.
            with contextlib.suppress(FileNotFoundError):
                found += (tmp_path / name).read_text().splitlines() if name.startswith("log") else []
        return found

    for jump in (0, 3 * 86_400, -6 * 86_400, 0):
        clock.jump(jump)
        day = time.strftime("%Y-%m-%d", time.gmtime(time.time() + jump))

        # Workers look at the wall clock once a second.
        def told():
            sent.append(ask(listening).status)
            return any(f'"timestamp":"{day}' in line for line in lines())

        wait_until(told, timeout=40, what=f"a record of {day}")
    assert set(sent) == {200}
    wait_until(lambda: len(lines()) == len(sent), timeout=20, what="every record")
    assert all(0 <= json.loads(line)["aya.duration.total"] < 60 for line in lines())
    assert value(aya, 'aya_route_requests_total{route="all",status="2xx"}') == len(sent)
    assert value(aya, "aya_alerts_firing") == 0
