"""Loopback ports that are this process's own: blocks below the kernel's ephemeral range, reserved by file locks, so that
test processes side by side never meet."""

import fcntl
import os
import socket
import tempfile

FIRST, LAST, BLOCK = 10000, 17000, 100
_held = []  # lock files; open as long as the process lives
_free = []


def _reserve_block():
    folder = os.path.join(tempfile.gettempdir(), "aya-scenario-ports")
    os.makedirs(folder, exist_ok=True)
    for first in range(FIRST, LAST, BLOCK):
        lock = open(os.path.join(folder, str(first)), "w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            continue
        if lock.name in {one.name for one in _held}:
            lock.close()
            continue
        _held.append(lock)
        return list(range(first, first + BLOCK))
    raise RuntimeError("no block of ports is free")


def _usable(port):
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            with socket.socket(family, kind) as probe:
                if kind == socket.SOCK_STREAM:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((address, port))
                except OSError:
                    return False
    return True


def reserve_port():
    """A port that nothing listens on and no other test process will take. Used round robin, so that a port rests
    before it comes again."""
    for _ in range(2 * BLOCK):
        if not _free:
            _free.extend(_reserve_block())
        port = _free.pop(0)
        _free.append(port)
        if _usable(port):
            return port
    raise RuntimeError("every reserved port is in use")
