"""What the container image holds, without a builder of images: its files beside the C and C++ libraries alone, run as a
user without rights by the commands that packaging/Containerfile names.

  image_life.py BINARY REPOSITORY
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
from support.machine import raise_loopback, wait_until  # noqa: E402

BINARY, REPOSITORY = sys.argv[1:3]
IMAGE, NOBODY = "/image", "65532:65532"  # distroless' nonroot
SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


def main():
    raise_loopback()
    with open(os.path.join(REPOSITORY, "packaging/Containerfile")) as file:
        text = file.read().replace("\\\n", " ")
    last = text[text.rindex("\nFROM "):]
    entry, arguments, health = (json.loads(re.search(rf"^{name}(\[.*\])$", last, re.M).group(1)) for name in (
        "ENTRYPOINT ", "CMD ", r"HEALTHCHECK .*CMD "))
    for library in re.findall(r"(?:=> )?(/\S+) \(", subprocess.run(["ldd", BINARY], stdout=subprocess.PIPE, text=True).stdout):
        os.makedirs(IMAGE + os.path.dirname(library), exist_ok=True)
        shutil.copy(library, IMAGE + library)
    for folder in ("etc/aya", "usr/bin", "var/lib/aya", "tmp", "proc", "dev"):
        os.makedirs(os.path.join(IMAGE, folder), exist_ok=True)
    shutil.copy(BINARY, IMAGE + "/usr/bin/aya")
    shutil.copy(os.path.join(REPOSITORY, "packaging/container.yaml"), IMAGE + "/etc/aya/aya.yaml")
    with open(IMAGE + "/etc/passwd", "w") as file:
        file.write("nonroot:x:65532:65532::/home/nonroot:/sbin/nologin\n")
    subprocess.run(["mount", "-t", "proc", "proc", IMAGE + "/proc"], check=True)
    subprocess.run(["mount", "--rbind", "/dev", IMAGE + "/dev"], check=True)
    shutil.chown(IMAGE + "/var/lib/aya", 65532, 65532)

    def run(command):
        return subprocess.Popen([shutil.which("chroot", path=SYSTEM_PATH), f"--userspec={NOBODY}", IMAGE, *command], env={"PORT": "8088"})

    running = run(entry + arguments)
    wait_until(lambda: running.poll() is not None or run(health).wait() == 0, "it is well")
    assert running.poll() is None, "it has ended"
    try:
        urllib.request.urlopen("http://127.0.0.1:8088/", timeout=60)
        raise AssertionError("nobody is there to answer")
    except urllib.error.HTTPError as error:
        assert error.code == 502, error
    running.send_signal(getattr(signal, re.search(r"^STOPSIGNAL (\w+)$", last, re.M).group(1)))
    assert running.wait(90) == 0, "it drains and ends"
    print("served, and ended")


main()
