"""Single threads of a process, as the kernel lets a debugger hold them."""

import contextlib
import ctypes
import os

import pytest

SEIZE, INTERRUPT, DETACH = 0x4206, 0x4207, 17
_libc = ctypes.CDLL(None, use_errno=True)
_libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


def thread(process, name):
    """The number of the thread of that name."""
    for number in os.listdir(f"/proc/{process}/task"):
        with open(f"/proc/{process}/task/{number}/comm") as file:
            if file.read().strip() == name:
                return int(number)
    raise AssertionError(f"process {process} has no thread '{name}'")


@contextlib.contextmanager
def stopped(process, name):
    """Holds one thread for as long as the context lasts (ptrace(2)); the others go on."""
    number = thread(process, name)
    if _libc.ptrace(SEIZE, number, None, None) != 0:
        pytest.skip(f"no right to hold a thread: {os.strerror(ctypes.get_errno())}")
    try:
        assert _libc.ptrace(INTERRUPT, number, None, None) == 0
        os.waitpid(number, 0x40000000)  # __WALL: until it has stopped
        yield number
    finally:
        _libc.ptrace(DETACH, number, None, None)
