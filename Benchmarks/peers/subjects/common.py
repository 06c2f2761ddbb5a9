"""Shared by the start scripts: the environment that the harness hands over."""

import glob
import os
import sys
import tempfile

E = os.environ
MODE = E.get('MODE', 'http')            # http | https | tcp | udp | dns
SCENARIO = E.get('SCENARIO', '')
ADDR = E.get('LISTEN_ADDR', '127.0.0.1')
PORT = int(E.get('LISTEN_PORT', '18080'))
UPS = [int(x) for x in E.get('UPSTREAM_PORTS', '19001').split()]
ALGO = E.get('ALGO', 'roundrobin')      # roundrobin | leastconn | random2 | p2c
WORKERS = int(E.get('WORKERS', '1'))
CERT, KEY = E.get('CERT', ''), E.get('KEY', '')
RUN = E.get('RUNDIR', tempfile.gettempdir() + '/peers-run/x')
ADMIN = int(E.get('ADMIN_PORT', '0'))
VARIANT = E.get('VARIANT', '')          # e.g. outlier, maxconn
RELOADING = E.get('RELOAD') == '1'      # the scenario will call ./reload later
PROXY_PID = int(E.get('PROXY_PID', '0'))
VENV = E.get('PEERS_VENV', tempfile.gettempdir() + '/peers-venv')
SITE = next(iter(glob.glob(VENV + '/lib/python3*/site-packages')), VENV)
os.makedirs(RUN, exist_ok=True)


def routes():
    """[(host, prefix)] from ROUTES (tab separated), or None. All go to the one upstream set."""
    path = E.get('ROUTES')
    if not path:
        return None
    with open(path) as file:
        return [tuple(line.rstrip('\n').split('\t')) for line in file]


def unsupported(why=''):
    print('unsupported:', why, file=sys.stderr)
    sys.exit(77)


def write(name, text):
    path = os.path.join(RUN, name)
    with open(path + '.new', 'w') as file:
        file.write(text)
    os.rename(path + '.new', path)
    return path


def run(*argv, **env):
    for key, value in env.items():
        os.environ[key] = value
    os.chdir(RUN)
    # A tracer such as valgrind, to count what the proxy does.
    command = E.get('WRAPPER', '').split() + list(argv)
    os.execvp(command[0], command)
