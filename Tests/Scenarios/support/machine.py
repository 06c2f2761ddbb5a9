"""A machine of its own to install packages on: this one's files, copied on writing, its own processes and network.

Run as a program it is the first process of that machine and does what a script says; `start` gives the command that
makes one. What a test does there (users, files, services) is gone with it.
"""

import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time

SYSTEMCTL = "/usr/local/sbin/systemctl"


def command(folder, script):
    """Runs a Python file as the machine's first process, beside which this module is found."""
    upper, work, root = (os.path.join(folder, name) for name in ("upper", "work", "root"))
    for path in (upper, work, root):
        os.makedirs(path, exist_ok=True)
    setup = f"""set -e
mount -t overlay overlay -o lowerdir=/,upperdir={upper},workdir={work} {root}
mount -t proc proc {root}/proc
mount --rbind /dev {root}/dev
mount -t tmpfs tmpfs {root}/run
exec chroot {root} {sys.executable} {script} "$@"
"""
    return ["unshare", "--mount", "--net", "--pid", "--ipc", "--fork", "--kill-child", "sh", "-c", setup, "machine"]


def is_possible(folder):
    """Whether this machine lets us make another one."""
    if os.geteuid() != 0 or not all(shutil.which(tool) for tool in ("unshare", "dpkg", "setpriv", "useradd")):
        return False
    probe = os.path.join(folder, "probe.py")
    with open(probe, "w") as file:
        file.write("print('alive')\n")
    made = subprocess.run(command(os.path.join(folder, "probe"), probe), stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=60)
    return made.stdout.strip() == "alive"


def raise_loopback():
    with socket.socket() as one:
        import fcntl
        request = bytearray(struct.pack("16sh14x", b"lo", 0))
        fcntl.ioctl(one, 0x8913, request)  # SIOCGIFFLAGS
        flags = struct.unpack_from("h", request, 16)[0] | 1  # IFF_UP
        fcntl.ioctl(one, 0x8914, struct.pack("16sh14x", b"lo", flags))  # SIOCSIFFLAGS


class ServiceManager:
    """What the scripts of packages ask systemd for, done here: a unit's start, stop and signals, and who its main
    process is. It answers through `systemctl` and `deb-systemd-invoke` of its own, which come first in PATH; the
    links of `deb-systemd-helper` are the real ones."""

    def __init__(self):
        self.asked = []
        self.main = None
        self.ready = threading.Event()
        os.makedirs("/run/systemd/system")
        self.notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notices.bind("/run/systemd/notify")
        os.chmod("/run/systemd/notify", 0o777)
        self.requests = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.requests.bind("/run/systemd/private")
        self.requests.listen()
        for name in ("systemctl", "deb-systemd-invoke"):
            path = os.path.join(os.path.dirname(SYSTEMCTL), name)
            with open(path, "w") as file:
                # What touches files alone is for the real one.
                file.write(f"#!{sys.executable}\nimport os, socket, sys\n"
                           "if any(word.startswith('--root=') for word in sys.argv): "
                           f"os.execv('/usr/bin/{name}', sys.argv)\n"
                           "one = socket.socket(socket.AF_UNIX)\none.connect('/run/systemd/private')\n"
                           f"one.sendall(' '.join(['{name}'] + sys.argv[1:]).encode())\n"
                           "one.shutdown(socket.SHUT_WR)\nsys.exit(int(one.recv(9) or b'1'))\n")
            os.chmod(path, 0o755)
        for work in (self.listen, self.answer):
            threading.Thread(target=work, daemon=True).start()

    def listen(self):
        while True:
            for line in self.notices.recv(4096).decode().splitlines():
                key, _, value = line.partition("=")
                if key == "MAINPID":
                    self.main = int(value)
                elif key == "READY":
                    self.ready.set()

    def answer(self):
        while True:
            one, _ = self.requests.accept()
            with one:
                words = b"".join(iter(lambda: one.recv(4096), b"")).decode()
                self.asked.append(words)
                one.sendall(str(self.run(words)).encode())

    def run(self, words):
        if "aya.service" not in words.split()[-1:]:
            return 0
        if " start " in words:
            return self.start()
        if "is-active" in words:
            return 0 if self.is_running() else 3
        if "--signal=USR2" in words:
            os.kill(self.main, 12)
        if " stop " in words:
            self.stop()
        return 0

    def setting(self, name):
        with open("/lib/systemd/system/aya.service") as file:
            return re.findall(rf"^{name}=(.*)$", file.read(), re.M)

    def start(self):
        user = self.setting("User")[0]
        capabilities = ",".join("+" + name.removeprefix("CAP_").lower()
                                for name in self.setting("AmbientCapabilities")[0].split())
        for name, base in (("StateDirectory", "/var/lib"), ("RuntimeDirectory", "/run"), ("LogsDirectory", "/var/log")):
            path = os.path.join(base, self.setting(name)[0])
            os.makedirs(path, exist_ok=True)
            shutil.chown(path, user, user)
        with_rights = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", f"--inh-caps={capabilities}",
                       f"--ambient-caps={capabilities}", "--no-new-privs"]
        for line in self.setting("ExecStartPre"):
            if subprocess.run(with_rights + line.split()).returncode != 0:
                return 1
        started = subprocess.Popen(with_rights + self.setting("ExecStart")[0].split(), start_new_session=True,
                                   env={**os.environ, "NOTIFY_SOCKET": "/run/systemd/notify"})
        self.main = started.pid
        threading.Thread(target=started.wait, daemon=True).start()
        return 0 if self.ready.wait(60) else 1

    def stop(self):
        os.kill(self.main, 15)
        wait_until(lambda: not self.is_running(), "the service ends")

    def is_running(self):
        return self.main is not None and is_alive(self.main)


def is_alive(process):
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_until(condition, what, timeout=90):
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, f"{what}: not within {timeout} s"
        time.sleep(0.05)
