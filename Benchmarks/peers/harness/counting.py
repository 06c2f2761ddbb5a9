"""What one exchange costs, counted and not timed, so that the machine's load does not matter: user instructions,
system calls, allocations, and the memory of an idle connection. Everything is a slope over the number of exchanges or
connections: what happens once, at start or at the end, cancels."""

import mmap
import os
import re
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import time

from . import tools
from .machine import memory
from .settings import SCRATCH, UPSTREAMS, options
from .subject import Subject

CONNECTIONS = 8
REQUEST = b"GET /b/1024 HTTP/1.1\r\nHost: localhost\r\n\r\n"
LAST_REQUEST = b"GET /b/1024 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
SMALL_REQUEST = b"GET /b/64 HTTP/1.1\r\nHost: localhost\r\n\r\n"
ALLOCATION_COUNTER = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
// Counts calls of the allocator into the mapped file that ALLOCATION_COUNTS names.
extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t), __libc_free(void *);
static uint64_t dummy[2], *counts = dummy;
__attribute__((constructor)) static void map(void) {
  const char *path = getenv("ALLOCATION_COUNTS");
  int fd = path ? open(path, O_RDWR) : -1;
  void *p = fd < 0 ? MAP_FAILED : mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (p != MAP_FAILED) counts = p;
}
static void count(int which) { __atomic_fetch_add(&counts[which], 1, __ATOMIC_RELAXED); }
void *malloc(size_t n) { count(0); return __libc_malloc(n); }
void *calloc(size_t a, size_t b) { count(0); return __libc_calloc(a, b); }
void *realloc(void *p, size_t n) { count(0); return __libc_realloc(p, n); }
void *memalign(size_t a, size_t n) { count(0); return __libc_memalign(a, n); }
void *aligned_alloc(size_t a, size_t n) { count(0); return __libc_memalign(a, n); }
int posix_memalign(void **p, size_t a, size_t n) { count(0); *p = __libc_memalign(a, n); return *p ? 0 : 12; }
void free(void *p) { if (p) count(1); __libc_free(p); }
"""


def configure():
    """What `bench.py` otherwise takes from its command line."""
    options.__dict__.update(workers=1, no_pin=True, no_nice=True, start_timeout=60, subjects=None)
    os.makedirs(SCRATCH, exist_ok=True)
    tools.build_tool("upstream", tools.LIBRARIES["upstream"])


class Clients:
    """Keep-alive connections in lock step: each round sends one request on every connection, then reads the answers."""

    def __init__(self, port, count=CONNECTIONS, secure=False):
        self.sockets = [socket.create_connection(("127.0.0.1", port), timeout=60) for _ in range(count)]
        if secure:
            self.sockets = [self._secured(one) for one in self.sockets]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for one in self.sockets:
            one.close()

    @staticmethod
    def _secured(plain):
        """TLS 1.3 with what OpenSSL prefers."""
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context.wrap_socket(plain, server_hostname="localhost")

    def rounds(self, number, request=REQUEST):
        for _ in range(number):
            for one in self.sockets:
                one.sendall(request)
            for one in self.sockets:
                self._read_answer(one)

    @classmethod
    def fresh_rounds(cls, port, number, secure=False):
        """The same with a new connection for each request."""
        for _ in range(number):
            with cls(port, secure=secure) as clients:
                clients.rounds(1, LAST_REQUEST)

    @staticmethod
    def _read_answer(one):
        data = b""
        while b"\r\n\r\n" not in data:
            more = one.recv(65536)
            if not more:
                raise ConnectionError("closed within an answer")
            data += more
        head, body = data.split(b"\r\n\r\n", 1)
        if not head.startswith(b"HTTP/1.1 200"):
            raise ConnectionError(head.decode(errors="replace"))
        length = int(re.search(rb"(?i)content-length: *(\d+)", head).group(1))
        missing = length - len(body)
        while missing > 0:
            missing -= len(one.recv(65536))


def _start(name, secure=False, **environment):
    mode = "https" if secure else "http"
    return Subject("count-" + name, name, mode, "count", UPSTREAMS, extra_environment=environment)


def _finish(subject, patience=60):
    """Asks it to end and lets it, since tracers write their counts at the end."""
    os.kill(subject.process.pid, signal.SIGTERM)
    try:
        subject.process.wait(patience)
    except subprocess.TimeoutExpired:
        pass
    subject.stop()


def _slope(count, rounds):
    """`count(n)` after n rounds; twice, so that what does not depend on n cancels. Per exchange."""
    few, many = count(rounds), count(3 * rounds)
    exchanges = 2 * rounds * CONNECTIONS
    return {key: (many[key] - few.get(key, 0)) / exchanges for key in many}


def _aya_without_debug_information():
    """Debug information slows valgrind's start and changes nothing that is counted; the symbols stay."""
    binary = os.environ.get("AYA_BIN") or os.path.realpath(
        os.path.join(os.path.dirname(__file__), "../../../.build/release/aya"))
    copy = f"{SCRATCH}/aya-stripped-{os.getpid()}"
    shutil.copy(binary, copy)
    subprocess.run(["strip", "-g", copy], check=True)
    return copy


def instructions(name, rounds=200, fresh=False, secure=False):
    """{function: user instructions per exchange}, by callgrind; the sum is the cost of the exchange. `fresh`: each
    exchange has a connection of its own; `secure`: over TLS."""
    environment = {"AYA_BIN": _aya_without_debug_information()} if name.startswith("aya") else {}

    def count(number):
        folder = f"{SCRATCH}/callgrind-{os.getpid()}"
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        wrapper = f"valgrind --tool=callgrind --trace-children=yes --callgrind-out-file={folder}/out.%p -q"
        # valgrind counts `rep movsb` once a byte; the C library's other way of copying shows real instructions.
        tunables = "glibc.cpu.x86_rep_movsb_threshold=1073741824"
        subject = _start(name, secure, WRAPPER=wrapper, GLIBC_TUNABLES=tunables, **environment)
        if fresh:
            Clients.fresh_rounds(subject.port, 20 + number, secure)
        else:
            with Clients(subject.port, secure=secure) as clients:
                clients.rounds(20 + number)
        _finish(subject)
        costs = {}
        for entry in os.listdir(folder):
            _add_costs(f"{folder}/{entry}", costs)
        shutil.rmtree(folder)
        return costs

    with tools.Upstream(UPSTREAMS):
        try:
            return _slope(count, rounds)
        finally:
            if environment:
                os.unlink(environment["AYA_BIN"])


def _add_costs(path, costs):
    """Adds the self cost of each function of a callgrind file."""
    names, function, skip = {}, "?", False
    with open(path, errors="replace") as file:
        for line in file:
            if line.startswith("fn="):
                found = re.match(r"fn=\((\d+)\)(?: (.*))?", line.rstrip("\n"))
                if found.group(2):
                    names[found.group(1)] = found.group(2)
                function = names.get(found.group(1), "?")
            elif line.startswith("cfn="):
                found = re.match(r"cfn=\((\d+)\)(?: (.*))?", line.rstrip("\n"))
                if found.group(2):
                    names[found.group(1)] = found.group(2)
            elif line.startswith("calls="):
                skip = True  # the next line is the inclusive cost of the call
            elif line[:1] in "0123456789+-*":
                if skip:
                    skip = False
                else:
                    costs[function] = costs.get(function, 0) + int(line.split()[1])


def system_calls(name, rounds=100, secure=False):
    """{system call: calls per exchange}, by strace."""

    def count(number):
        listing = f"{SCRATCH}/strace-{os.getpid()}"
        subject = _start(name, secure, WRAPPER=f"strace -D -f -qq -c -U name,calls -o {listing}")
        with Clients(subject.port, secure=secure) as clients:
            clients.rounds(20 + number)
        _finish(subject)
        deadline = time.time() + 20
        while time.time() < deadline and not (os.path.exists(listing) and os.path.getsize(listing)):
            time.sleep(0.05)
        time.sleep(0.1)
        with open(listing) as file:
            found = re.findall(r"^\s*(\w+)\s+(\d+)\s*$", file.read(), re.M)
        os.unlink(listing)
        return {call: int(calls) for call, calls in found if call != "total"}

    with tools.Upstream(UPSTREAMS):
        return _slope(count, rounds)


def allocations(name, rounds=500, secure=False):
    """(allocations, frees) per exchange, by a counter before the C library's allocator."""
    library, counts = f"{SCRATCH}/allocations-{os.getpid()}.so", f"{SCRATCH}/allocations-{os.getpid()}"
    command = ["gcc", "-O2", "-shared", "-fPIC", "-x", "c", "-", "-o", library]
    subprocess.run(command, input=ALLOCATION_COUNTER.encode(), check=True)
    with open(counts, "wb") as file:
        file.write(bytes(4096))
    with open(counts, "r+b") as file, mmap.mmap(file.fileno(), 4096) as shared, tools.Upstream(UPSTREAMS):
        wrapper = f"env LD_PRELOAD={library} ALLOCATION_COUNTS={counts}"
        subject = _start(name, secure, WRAPPER=wrapper)
        with Clients(subject.port, secure=secure) as clients:
            clients.rounds(50)
            before = struct.unpack_from("QQ", shared)
            clients.rounds(rounds)
            after = struct.unpack_from("QQ", shared)
        subject.stop()
    os.unlink(library)
    os.unlink(counts)
    assert after[0] > 0, "the allocation counter was not loaded"
    return tuple((b - a) / (rounds * CONNECTIONS) for a, b in zip(before, after))


def idle_bytes(name, connections=5000):
    """Resident bytes that one idle keep-alive connection adds; each has made a request."""
    held = []

    def hold(number):
        # Few at a time: what many requests at once leave behind in the allocator would hide the connections' own.
        while number > 0:
            clients = Clients(subject.port, min(50, number))
            held.append(clients)
            clients.rounds(1, SMALL_REQUEST)
            number -= len(clients.sockets)
        time.sleep(0.7)
        return memory(subject.process.pid)[0]

    with tools.Upstream(UPSTREAMS):
        subject = _start(name)
        with Clients(subject.port, 64) as warm:
            warm.rounds(50)
        before = hold(500)
        after = hold(connections)
        for clients in held:
            clients.__exit__()
        subject.stop()
    return (after - before) * 1024 / connections
