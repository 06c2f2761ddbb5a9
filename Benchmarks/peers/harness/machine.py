"""What the kernel says about processes and cores, and the lock that lets one measurement run at a time."""

import contextlib
import fcntl
import os
import re
import time

from .settings import LOCK_FILE

TICKS = os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def machine_lock():
    fd = os.open(LOCK_FILE, os.O_CREAT | os.O_RDWR, 0o666)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)
        time.sleep(0.02)  # let a waiter in


class Turn:
    """The machine-wide lock, held over neighbouring windows but for at most LONGEST seconds at a time."""

    LONGEST = 55

    def __init__(self):
        self.lock = None
        self.since = 0.0

    def need(self, seconds):
        if self.lock and time.time() - self.since + seconds > self.LONGEST:
            self.release()
        if not self.lock:
            self.lock = machine_lock()
            self.lock.__enter__()
            self.since = time.time()

    def release(self):
        if self.lock:
            self.lock.__exit__(None, None, None)
            self.lock = None


turn = Turn()


def _stat_fields(pid):
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rsplit(")", 1)[1].split()


def process_tree(root):
    """The pids in the session that `root` leads, and all descendants."""
    parent, session = {}, {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                fields = _stat_fields(entry)
            except OSError:
                continue
            parent[int(entry)], session[int(entry)] = int(fields[1]), int(fields[3])
    tree = {pid for pid in session if session[pid] == root or pid == root}
    while True:
        more = {pid for pid, above in parent.items() if above in tree} - tree
        if not more:
            return tree
        tree |= more


class CPUReading:
    """CPU time of a process tree: nanoseconds of each live thread, and seconds that count ended threads too."""

    def __init__(self, root):
        self.threads = {}
        ticks = 0
        for pid in process_tree(root):
            try:
                ticks += sum(int(x) for x in _stat_fields(pid)[11:15])
                for thread in os.listdir(f"/proc/{pid}/task"):
                    with open(f"/proc/{pid}/task/{thread}/schedstat") as file:
                        self.threads[thread] = int(file.read().split()[0])
            except OSError:
                pass
        self.seconds = ticks / TICKS

    def seconds_since(self, earlier):
        if set(earlier.threads) <= set(self.threads):  # nothing ended in between: nanosecond precision
            return sum(now - earlier.threads.get(thread, 0) for thread, now in self.threads.items()) / 1e9
        return self.seconds - earlier.seconds  # 10 ms precision


def memory(root):
    """RSS and PSS of a process tree, in KiB."""
    rss = pss = 0
    for pid in process_tree(root):
        try:
            with open(f"/proc/{pid}/status") as file:
                rss += int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1))
            with open(f"/proc/{pid}/smaps_rollup") as file:
                pss += int(re.search(r"Pss:\s+(\d+)", file.read()).group(1))
        except (OSError, AttributeError):
            pass
    return rss, pss


def core_times():
    """Of each core: busy, total and stolen ticks."""
    times = {}
    with open("/proc/stat") as file:
        for line in file:
            if re.match(r"cpu\d", line):
                fields = line.split()
                ticks = [int(x) for x in fields[1:9]]
                times[fields[0]] = (sum(ticks) - ticks[3] - ticks[4], sum(ticks), ticks[7])
    return times
