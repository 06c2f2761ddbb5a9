"""What an exchange may cost, counted: none of these depends on the machine's load."""

import os
import random
import socket
import sys

import pytest
from support.aya import ROOT

pytestmark = [pytest.mark.xdist_group("budgets"), pytest.mark.timeout(240)]

INSTRUCTIONS = 12_000  # what the design allows
ALLOCATIONS = 0.05  # none in the steady state; a rare growth of a table may happen
SYSTEM_CALLS = {"epoll_wait": 1.1, "read": 2.1, "write": 2.1, "other": 0.05}
IDLE_BYTES = 1024

READS = {"recvfrom", "recvmsg", "read", "readv"}
WRITES = {"sendto", "sendmsg", "write", "writev"}
WAITS = {"epoll_wait", "epoll_pwait", "epoll_pwait2"}


@pytest.fixture(scope="module")
def counting():
    """The harness of the benchmarks, on ports of this process."""
    os.environ["PEERS_OFFSET"] = str(_free_offset())
    sys.path.insert(0, os.path.join(ROOT, "Benchmarks/peers"))
    from harness import counting, process

    counting.configure()
    yield counting
    process.stop_all()


def _free_offset():
    candidates = list(range(3000, 9000, 500))
    random.shuffle(candidates)
    for offset in candidates:
        try:
            for number in (1, 2, 3):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", 19000 + offset + number))
            return offset
        except OSError:
            continue
    raise RuntimeError("no ports are free")


@pytest.fixture(scope="module")
def instructions(counting):
    """Their number, and the dearest functions as text."""
    costs = counting.instructions("aya")
    dearest = sorted(costs.items(), key=lambda item: -item[1])[:12]
    return sum(costs.values()), "\n".join(f"{cost:8.0f} {name[:110]}" for name, cost in dearest)


def test_user_instructions(instructions):
    total, shown = instructions
    assert total <= INSTRUCTIONS, f"{total:.0f} instructions an exchange\n{shown}"


@pytest.mark.parametrize("secure", [False, True], ids=["plain", "tls"])
def test_system_calls(counting, secure):
    calls = counting.system_calls("aya", secure=secure)
    grouped = dict.fromkeys(SYSTEM_CALLS, 0.0)
    for name, count in calls.items():
        kind = "read" if name in READS else "write" if name in WRITES else "epoll_wait" if name in WAITS else "other"
        grouped[kind] += count
    print(calls)
    for kind, most in SYSTEM_CALLS.items():
        assert grouped[kind] <= most, f"{grouped} from {calls}"


@pytest.mark.parametrize("secure", [False, True], ids=["plain", "tls"])
def test_allocations(counting, secure):
    allocations, frees = counting.allocations("aya", secure=secure)
    print(allocations, frees)
    assert allocations <= ALLOCATIONS, f"{allocations} allocations an exchange"
    assert abs(allocations - frees) < 0.02, "what is allocated is freed"


def test_bytes_of_an_idle_connection(counting):
    size = counting.idle_bytes("aya")
    print(size)
    assert size <= IDLE_BYTES, f"{size:.0f} bytes"
