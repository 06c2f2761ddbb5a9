"""A command on a pseudo-terminal, and what stands on its screen."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time

import pyte

from .aya import BINARY


class Terminal:
    def __init__(self, *arguments, columns=80, rows=24):
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.master, self.slave = pty.openpty()
        self.resize(columns, rows, tell=False)
        self.before = termios.tcgetattr(self.slave)
        self.raw = b""
        self.process = subprocess.Popen(
            [BINARY, *arguments], stdin=self.slave, stdout=self.slave, stderr=self.slave, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))

    def resize(self, columns, rows, tell=True):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        if tell:
            self.screen.resize(rows, columns)

    def press(self, keys):
        os.write(self.master, keys.encode())

    def read(self, patience=0.1):
        while select.select([self.master], [], [], patience)[0]:
            try:
                data = os.read(self.master, 65536)
            except OSError:
                return
            if not data:
                return
            self.raw += data
            self.stream.feed(data)
            patience = 0

    @property
    def lines(self):
        return [line.rstrip() for line in self.screen.display]

    @property
    def text(self):
        return "\n".join(self.lines)

    def wait_for(self, *wanted, timeout=10):
        """Until all of these stand on the screen."""
        deadline = time.monotonic() + timeout
        while not all(each in self.text for each in wanted):
            assert time.monotonic() < deadline, f"{wanted} did not appear:\n{self.text}"
            self.read()
        return self.text

    def end(self, timeout=5):
        deadline = time.monotonic() + timeout
        while self.process.poll() is None and time.monotonic() < deadline:
            self.read(0.05)
        code = self.process.wait(0.1)
        self.read(0.05)
        return code

    @property
    def is_restored(self):
        """The cursor is back, the alternate screen left, and keys work as before."""
        after = termios.tcgetattr(self.slave)
        return (b"\x1b[?25h" in self.raw and b"\x1b[?1049l" in self.raw and after[3] == self.before[3])

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)
        os.close(self.slave)
