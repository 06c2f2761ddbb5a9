"""What becomes of a package on a machine of its own: installed, upgraded under load, removed, purged.

  package_life.py FIRST.deb SECOND.deb
"""

import glob
import http.client
import http.server
import os
import pwd
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
from support.machine import ServiceManager, is_alive, raise_loopback, wait_until  # noqa: E402

FIRST, SECOND = sys.argv[1:3]
CONFIGURATION = "/etc/aya/aya.yaml"
MASKED = "/etc/systemd/system/aya.service"
WANTED = "/etc/systemd/system/multi-user.target.wants/aya.service"


class Load:
    """Asks over and over, on connections that stay and on new ones, and keeps what went wrong."""

    def __init__(self, port):
        self.port, self.wrong, self.done, self.ends = port, [], [0, 0], threading.Event()
        self.threads = [threading.Thread(target=self.ask, args=[keeps], daemon=True) for keeps in (False, True)]
        for thread in self.threads:
            thread.start()

    def ask(self, keeps):
        connection = None
        while not self.ends.is_set():
            try:
                fresh = connection is None or not keeps
                connection = connection if not fresh else http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                connection.request("GET", "/")
                answer = connection.getresponse()
                body = answer.read()
                if (answer.status, body) != (200, b"here"):
                    self.wrong.append((answer.status, body))
                self.done[keeps] += 1
                if not keeps or answer.will_close:
                    connection.close()
                    connection = None
            except (OSError, http.client.HTTPException) as error:
                # A kept connection may be closed between two requests, which every client takes for that.
                if fresh or not isinstance(error, (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError)):
                    self.wrong.append(repr(error))
                connection = None
            time.sleep(0.005)

    def wait_for_more(self, count):
        goal = [number + count for number in self.done]
        wait_until(lambda: self.wrong or all(a >= b for a, b in zip(self.done, goal)), "requests go on")

    def end(self):
        self.ends.set()
        for thread in self.threads:
            thread.join(90)
        assert not self.wrong, self.wrong[:5]


class Server(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"here")

    def log_message(self, *_):
        pass


class Servers(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        """Aya closes what it has kept open."""


def dpkg(*arguments):
    # What this machine lacks of its dependencies has no bearing here.
    ran = subprocess.run(["dpkg", "--force-depends", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                         env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
    assert ran.returncode == 0, ran.stdout
    return ran.stdout


def owner(path):
    status = os.stat(path)
    return pwd.getpwuid(status.st_uid).pw_name, oct(status.st_mode & 0o7777)


def main():
    raise_loopback()
    os.environ["PATH"] = "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
    subprocess.run(["dpkg", "--purge", "aya"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server = Servers(("127.0.0.1", 9001), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    manager = ServiceManager()

    dpkg("--install", FIRST)
    assert os.path.islink(WANTED) and manager.is_running(), manager.asked
    first = manager.main
    with open(f"/proc/{first}/status") as file:
        status = file.read()
    assert pwd.getpwuid(int(status.split("Uid:")[1].split()[0])).pw_name == "aya", "it runs as a user of its own"
    assert owner("/etc/aya") == ("root", "0o750") and owner(CONFIGURATION) == ("root", "0o640")
    assert owner("/var/log/aya")[0] == owner("/var/lib/aya")[0] == "aya"
    print("installed, and serving")

    with open(CONFIGURATION, "a") as file:
        file.write("drain: { grace: 20s }\n")
    os.kill(first, 1)
    load = Load(8080)
    load.wait_for_more(50)
    dpkg("--install", SECOND)
    wait_until(lambda: manager.main != first, "another process serves")
    wait_until(lambda: not is_alive(first), "the former process ends")
    load.wait_for_more(50)
    load.end()
    assert manager.is_running()
    with open(CONFIGURATION) as file:
        assert file.read().endswith("drain: { grace: 20s }\n"), "an edited configuration stays"
    told = subprocess.run(["aya", "status", "--admin", "http://127.0.0.1:9900"], stdout=subprocess.PIPE, text=True)
    assert told.returncode == 0 and "ready" in told.stdout, told.stdout
    print(f"upgraded under load: {sum(load.done)} requests, none lost")

    dpkg("--remove", "aya")
    assert not manager.is_running() and not os.path.exists("/usr/bin/aya")
    assert os.path.realpath(MASKED) == "/dev/null", "nothing starts what is gone"
    assert os.path.exists(CONFIGURATION) and os.path.exists("/var/lib/aya"), "what was configured and learned stays"
    print("removed")

    dpkg("--install", SECOND)
    assert manager.is_running() and not os.path.lexists(MASKED) and os.path.islink(WANTED), "it serves again"
    dpkg("--purge", "aya")
    left = [path for path in ("/etc/aya", "/var/lib/aya", "/var/log/aya", *glob.glob("/usr/share/*/aya*")) if os.path.exists(path)]
    left += [path for path in (MASKED, WANTED) if os.path.lexists(path)]
    assert left == [] and not manager.is_running(), left
    print("purged")


main()
