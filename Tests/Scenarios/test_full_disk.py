"""The disk of the state directory is full: traffic and changes go on, and the fault is seen in every place."""

import contextlib
import json

import pytest
from support.aya import run, wait_until
from support.client import ask
from support.load import Load
from test_generations import api, server_path


@pytest.fixture
def small_disk(disk):
    return disk("24m")


def fill(disk):
    filler = disk / "filler"
    with open(filler, "wb", buffering=0) as file:
        for size in (1 << 20, 512):
            with contextlib.suppress(OSError):
                while file.write(b"x" * size) == size:
                    pass
    return filler


@pytest.mark.timeout(400)
def test_traffic_and_changes_go_on(site, process, small_disk):
    a, b = process("a"), process("b")
    log = small_disk / "access.log"
    one = site(a, b, state=str(small_disk), access_log={"format": "json", "file": str(log)})
    with Load(one.port, clients=4) as load:
        wait_until(lambda: log.exists() and log.stat().st_size > 0, 15, "the access log")
        filler = fill(small_disk)
        assert api(one, "PATCH", server_path(a), {"weight": 7}).status == 200
        assert one.aya.server(a.address)["weight"] == 7
        # A file that changes, and back: known for as long as the process lives.
        one.reload(a, b, state=str(small_disk), pool={"timeouts": {"response": "7s"}})
        assert run("rollback", "--admin", f"127.0.0.1:{one.admin}").returncode == 0
        known = [entry["generation"] for entry in api(one, "GET", "/v1/generations").json()["generations"]]
        assert known == [1, 2, 3, 4]
        # The fault: in the log, the audit log's own answer, the metrics.
        wait_until(lambda: "a generation is not kept" in one.aya.stderr, 60, "the warning about generations")
        wait_until(lambda: "a change is not kept in the audit log" in one.aya.stderr, 60, "the error about the audit log")
        wait_until(lambda: "history is not kept" in one.aya.stderr, 180, "the error about history")
        told = api(one, "GET", "/v1/audit").json()
        assert told["kept"] is False and told["problem"]
        assert one.aya.metric("aya_history_up") == 0 and one.aya.metric("aya_history_write_failures_total") > 0
        wait_until(lambda: one.aya.metric("aya_access_log_dropped_total") > 0, 180, "records that are dropped")
        # Room again: everything is kept again, by itself or with the next change.
        filler.unlink()
        assert api(one, "PATCH", server_path(a), {"weight": 9}).status == 200
        assert api(one, "GET", "/v1/audit").json()["kept"] is True
        wait_until(lambda: one.aya.metric("aya_history_up") == 1, 180, "history being kept again")
        before = log.stat().st_size
        wait_until(lambda: log.stat().st_size > before, 180, "the access log going on")
    assert not load.failed, (load.broken[:3], load.statuses)
    lines = (small_disk / "audit.jsonl").read_text().splitlines()
    assert json.loads(lines[-1])["action"].startswith("weight 9"), "whole lines alone"
    assert all(json.loads(line) for line in lines)
    assert ask(one.port).status == 200
