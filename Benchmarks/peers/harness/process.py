"""Starts and stops what is measured and what measures: each in a session of its own, pinned and prioritised."""

import os
import signal
import subprocess

from . import machine
from .settings import options

PROXY_CORE = 0
LOAD_CORE = 1

_running = []


def pinned(core, argv):
    """`argv` on `core` at nice -10, for the process and for its scheduler autogroup, without which nice means nothing
    against the work of other sessions."""
    prefix = []
    if not options.no_nice:
        script = 'echo -10 2>/dev/null >/proc/$$/autogroup; exec nice -n -10 "$@"'
        prefix = ["sh", "-c", script, "sh"]
    if not options.no_pin:
        prefix += ["taskset", "-c", str(core)]
    return prefix + argv


def start(argv, **settings):
    process = subprocess.Popen(argv, start_new_session=True, **settings)
    _running.append(process)
    return process


def stop(process):
    """Ends the process and only what it started: its own session."""
    if process is None:
        return
    pids = machine.process_tree(process.pid)
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(0.7)
        except subprocess.TimeoutExpired:
            pass
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass
    process.wait()
    forget(process)


def forget(process):
    if process in _running:
        _running.remove(process)


def stop_all():
    for process in list(_running):
        stop(process)
