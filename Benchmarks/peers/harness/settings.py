"""Where things live and what this run was asked for. `bench.py` fills `options` before anything else runs."""

import argparse
import os
import tempfile

HERE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
SCRATCH = tempfile.gettempdir() + "/peers-run"
LOCK_FILE = tempfile.gettempdir() + "/bench.lock"
VENV = os.environ.get("PEERS_VENV", tempfile.gettempdir() + "/peers-venv")
# One more folder of subjects, searched first.
EXTRA_SUBJECTS = os.environ.get("PEERS_SUBJECTS")
# Moves every port, so that two copies can run side by side.
PORT_OFFSET = int(os.environ.get("PEERS_OFFSET", "0"))
PROXY_PORTS = 18000 + PORT_OFFSET
UPSTREAMS = [19001 + PORT_OFFSET, 19002 + PORT_OFFSET, 19003 + PORT_OFFSET]
EXTRA_UPSTREAM = 19004 + PORT_OFFSET
STRAGGLER_UPSTREAMS = list(range(19101 + PORT_OFFSET, 19107 + PORT_OFFSET))
MANY_UPSTREAMS = 20000 + PORT_OFFSET

# The method that is called, which is also the name of a file: the answer's type goes by its extension.
CALL = "/bench.Echo/Unary.grpc"

PEERS = ("nginx", "nginx122", "haproxy", "envoy", "caddy", "traefik", "gdnsd", "pdns")

options = argparse.Namespace()


def subject_directory(subject):
    if EXTRA_SUBJECTS and os.path.isdir(f"{EXTRA_SUBJECTS}/{subject}"):
        return f"{EXTRA_SUBJECTS}/{subject}"
    return f"{HERE}/subjects/{subject}"


def is_peer(label):
    """`x best` is the ratio to the best peer, so that a new subject may be below 1."""
    return label.split("-")[0] in PEERS


def subjects(mode):
    """The subjects asked for that have `mode`: the proxies in the usual order, then everything else by name."""
    if options.subjects:
        wanted = options.subjects.split(",")
    else:
        usual = ["nginx", "nginx122", "haproxy", "envoy", "caddy", "traefik"]
        folders = [f"{HERE}/subjects"] + ([EXTRA_SUBJECTS] if EXTRA_SUBJECTS else [])
        found = {name for folder in folders for name in os.listdir(folder) if os.path.exists(f"{folder}/{name}/start")}
        wanted = usual + sorted(found - set(usual))
    return [s for s in wanted if mode in modes_of(s)]


def modes_of(subject):
    with open(f"{subject_directory(subject)}/modes") as file:
        return file.read().split()
