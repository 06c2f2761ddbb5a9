"""kill -9 at any instant: generations, changes that the API made, and history are readable afterwards, each whole."""

import json
import os
import random
import signal
import sqlite3
import time

import pytest
from support.aya import Aya
from support.client import Client, ask
from support.message import Closed


def configuration(listening, admin, state, servers, weight):
    return {
        "listeners": {"web": {"bind": f"127.0.0.1:{listening}"}}, "admin": {"bind": f"127.0.0.1:{admin}"},
        "pools": {"main": {"servers": [{"address": one, "weight": weight} for one in servers]}},
        "state": state, "workers": 1,
    }


def change(aya, generator, servers):
    """One of the things that write, over and over."""
    choice = generator.randrange(3)
    try:
        if choice == 0:
            ask(aya.admin, "PATCH", f"/v1/pools/main/servers/{generator.choice(servers)}", [("Content-Type", "application/json")],
                json.dumps({"weight": generator.randrange(1, 100)}).encode(), host="localhost", timeout=2)
        elif choice == 1:
            ask(aya.admin, "POST", "/v1/rollback", host="localhost", timeout=2)
        else:
            ask(aya.admin, target="/v1/history?series=aya/requests", host="localhost", timeout=2)
    except (OSError, Closed):
        pass


def generations(aya):
    answer = ask(aya.admin, target="/v1/generations", host="localhost")
    assert answer.status == 200
    return answer.json()["generations"]


@pytest.mark.parametrize("seed", range(3))
def test_kill_at_any_instant(tmp_path, port, upstream, seed):
    generator = random.Random(seed)
    servers = [upstream().address, upstream().address]
    listening, admin = port(), port()
    state = tmp_path / "state"
    state.mkdir()
    highest = 0
    for attempt in range(10):
        directory = tmp_path / f"aya{attempt}"
        directory.mkdir()
        # The change that ran last goes on, whatever the file says.
        aya = Aya(directory, configuration(listening, admin, str(state), servers, 1), arguments=["--resume"], ready=False)
        aya.admin = admin
        aya.wait_ready()
        told = generations(aya)
        numbers = [entry["generation"] for entry in told]
        assert numbers == sorted(set(numbers)) and len(numbers) <= 20
        # What was told as applied is there again: it was on the disk before that.
        assert numbers[-1] >= highest, (numbers, highest)
        assert "can not be read" not in aya.stderr and "damaged" not in aya.stderr, aya.stderr
        for number in numbers:
            assert ask(admin, target=f"/v1/generations/{number}", host="localhost").status == 200
        assert ask(listening).status == 200
        deadline = time.monotonic() + generator.uniform(0.05, 2.5)
        while time.monotonic() < deadline:
            change(aya, generator, servers)
            highest = max(highest, generations(aya)[-1]["generation"])
        os.kill(aya.process.pid, signal.SIGKILL)
        aya.process.wait()
        for name in os.listdir(state / "generations"):
            if name.startswith("."):
                continue
            assert (state / "generations" / name).read_text().startswith("# A configuration that Aya ran"), name
        assert sqlite3.connect(state / "history.sqlite").execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert highest > 5, "too little was changed to show anything"


def test_kill_while_history_is_written(tmp_path, port, upstream):
    """The moments of its transactions, ten seconds apart: what was there before is there after."""
    server = upstream()
    state = tmp_path / "state"
    state.mkdir()
    listening, admin = port(), port()
    known = 0
    for attempt, after in enumerate((12.3, 13.4)):
        directory = tmp_path / f"aya{attempt}"
        directory.mkdir()
        aya = Aya(directory, configuration(listening, admin, str(state), [server.address], 1), ready=False)
        aya.admin = admin
        aya.wait_ready()
        began = time.monotonic()
        client = Client(listening)
        while time.monotonic() - began < after:
            assert client.get("/").status == 200
            time.sleep(0.02)
        client.close()
        os.kill(aya.process.pid, signal.SIGKILL)
        aya.process.wait()
        database = sqlite3.connect(state / "history.sqlite")
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = database.execute("SELECT count(*) FROM chunks WHERE resolution = 1").fetchone()[0]
        database.close()
        assert rows > known
        known = rows
