"""What the brain does of its own, where a pool lets it, and what it tells beforehand. It looks every few seconds here
instead of every minute, and has an imported past, so that nothing has to be awaited for hours."""

import json
import random
import stat
import threading
import time
from collections import Counter

import pytest
from support import certificates
from support.aya import run, wait_until
from support.client import ask
from support.load import Load
from support.past import imported, knee, logged, minutes
from support.site import Site
from test_brain import get

QUICK = {"interval": "4s"}


def quiet_past(tmp_path, state, subject, minutes_back, each, latency=0.03):
    """An access log in which nothing ever fails, so many requests a minute."""
    source = random.Random(subject)
    lines = []
    for at in minutes(minutes_back):
        for _ in range(each):
            lines.append(logged(at + source.randrange(60), latency * source.uniform(0.85, 1.15)))
    imported(tmp_path, state, subject, "".join(lines), "combined")


def advice(site, kind):
    return [one for one in get(site, "/v1/brain/advice")["advice"] if one["kind"] == kind]


class Sick:
    """Answers as `how` says at the moment: with so many seconds, and a failure for this share of requests."""

    def __init__(self, seconds=0.03, failures=0.0):
        self.seconds, self.failures = seconds, failures
        self.chance = random.Random(1)

    def __call__(self, exchange):
        exchange.read_body()
        time.sleep(self.seconds)
        exchange.respond(500 if self.chance.random() < self.failures else 200, body=b"answer")


@pytest.mark.timeout(150)
def test_a_server_that_causes_an_anomaly_is_ejected(site, upstream, state, tmp_path):
    # Errors that never were are news only after long.
    quiet_past(tmp_path, state, "pools/main", 1_430, 1)
    sick = Sick(0.01)
    servers = [upstream(Sick(0.01)), upstream(Sick(0.01)), upstream(sick)]
    # Neither failures in a row nor its error rate would have it ejected otherwise.
    one = site(*servers, state=state, brain=QUICK, pool={
        "brain": {"anomalies": "eject"}, "retry": {"attempts": 1},
        "outliers": {"consecutive_failures": 1000, "error_rate": "90%", "eject_for": "60s"}})
    with Load(one.port, clients=6, pause=0.01):
        wait_until(lambda: get(one, "/v1/brain")["series_watched"] > 3, 60)
        time.sleep(9)
        sick.failures = 0.5
        done = wait_until(
            lambda: [a for a in advice(one, "anomaly") if a["outcome"] == "ejected"], 90, "an ejection")
    assert done[0]["action"] == f"eject {servers[2].address}"
    assert "errors" in done[0]["reason"] and servers[2].address in done[0]["reason"]
    wait_until(lambda: one.aya.metric("aya_server_ejections_total", server=servers[2].address) == 1)
    incident = get(one, "/v1/brain/incidents")["incidents"][0]
    assert incident["state"] == "open"
    assert any(c["dimension"] == "server" and c["value"] == servers[2].address for c in incident["culprits"]), incident


@pytest.mark.timeout(150)
def test_a_server_that_declines_is_drained_repaired_and_taken_back(site, upstream, state, tmp_path):
    """It becomes slower and slower; nobody ever gets an error, since it is out before it would fail."""
    sick = Sick()
    servers = [upstream(Sick()), upstream(Sick()), upstream(Sick()), upstream(sick)]
    for server in servers:
        quiet_past(tmp_path, state, f"servers/main/{server.address}", 120, 8)
    mended = tmp_path / "mended"
    repair = tmp_path / "repair"
    repair.write_text(f'#!/bin/sh\necho "$AYA_POOL $AYA_SERVER" > {mended}\n')
    repair.chmod(repair.stat().st_mode | stat.S_IXUSR)
    one = site(*servers, state=state, brain=QUICK, pool={
        "brain": {"precursors": "drain", "recovery": [str(repair)]}, "retry": {"attempts": 1}})
    with Load(one.port, clients=12, pause=0.01) as load:
        time.sleep(4)
        sick.seconds = 0.1
        began = time.monotonic()

        def declines():
            # In a minute and a half it would fail.
            sick.seconds = 0.1 + min(0.2, 0.02 * (time.monotonic() - began))
            return mended.exists()

        wait_until(declines, 90, "the repair")
        sick.seconds = 0.03
        told = wait_until(lambda: [a for a in advice(one, "precursor") if a["outcome"]], 20, "its outcome")
        wait_until(lambda: one.aya.metric("aya_server_up", server=servers[3].address) == 1, 20)
    assert mended.read_text().split() == ["main", servers[3].address]
    assert told[0]["subject"] == f"servers/main/{servers[3].address}" and told[0]["action"] == "drain"
    assert told[0]["outcome"] == "drained, recovered and taken into service again"
    assert "times as slowly as by habit" in told[0]["reason"]
    assert load.failed == 0, (load.statuses, load.broken[:3])


@pytest.mark.timeout(120)
def test_limits_are_told_before_they_are_reached(site, upstream, state, tmp_path):
    """What servers carry, and a certificate that nobody has renewed."""
    server = upstream()
    imported(tmp_path, state, f"servers/main/{server.address}", knee(300), "combined")
    imported(tmp_path, state, "pools/main", "".join(f"{at},1\n" for at in minutes(300)), "csv")
    cert, key = certificates.make(str(tmp_path), "a.example")
    one = site(server, state=state, brain={"interval": "1s"}, listener={
        "tls": {"certificates": [{"cert": cert, "key": key}]}})
    wait_until(lambda: len({a["subject"] for a in advice(one, "limit")}) == 2, 60, "both warnings")
    by_subject = {a["subject"]: a for a in advice(one, "limit")}
    full = by_subject["pools/main"]
    assert full["action"] == "add servers before saturation" and full["outcome"] == "told" and full["value"] >= 60
    assert "servers carry" in full["reason"] and 0 < full["confidence"] <= 1
    expiring = by_subject["listeners/web"]
    assert expiring["action"].startswith("renew ") and 0 < expiring["value"] < 3 * 86_400
    assert "it runs out in" in expiring["reason"]


@pytest.mark.timeout(120)
def test_what_it_concluded_outlasts_a_restart_until_it_is_forgotten(start, port, upstream, state, tmp_path):
    server = upstream()
    cert, key = certificates.make(str(tmp_path), "a.example")
    settings = dict(state=state, brain={"interval": "1s"},
                    listener={"tls": {"certificates": [{"cert": cert, "key": key}]}})
    first = Site(start, port, server, **settings)
    wait_until(lambda: advice(first, "limit"), 60)
    before = get(first, "/v1/brain/advice")["advice"]
    first.aya.stop()
    first.aya.may_have_ended = True
    second = Site(start, port, server, **settings)
    kept = wait_until(lambda: get(second, "/v1/brain/advice")["advice"], 30)
    assert kept[:len(before)] == before
    admin = ("--admin", f"127.0.0.1:{second.admin}")
    exported = run("brain", "export", *admin)
    assert exported.returncode == 0, exported.stderr
    whole = json.loads(exported.stdout)
    assert whole["advice"][0] == before[0] and whole["incidents"] == [] and whole["brain"]["pools"]
    # It holds for a day, so it would not be told anew but for the forgetting.
    assert run("brain", "forget", *admin).returncode == 0
    again = wait_until(lambda: get(second, "/v1/brain/advice")["advice"], 30)
    assert again[0]["id"] == 1 and again[0]["time"] > before[-1]["time"]
    second.aya.stop()
    second.aya.may_have_ended = True
    third = Site(start, port, server, history="off", **settings)
    assert run("brain", "forget", "--admin", f"127.0.0.1:{third.admin}").returncode == 1


def difference(site):
    """What the running configuration has that its file has not."""
    return json.dumps(get(site, "/v1/diff?from=file&to=running")["changes"])


@pytest.mark.timeout(150)
def test_limits_are_tightened_while_a_rush_is_too_much(site, upstream, state, tmp_path):
    quiet_past(tmp_path, state, "pools/main", 1_430, 1)
    one = site(upstream(Sick(0.15)), state=state, brain={"interval": "2s"}, pool={"brain": {"anomalies": ["tighten"]}})
    with Load(one.port, clients=12, pause=0.01) as load:
        done = wait_until(lambda: [a for a in advice(one, "anomaly") if a["action"] == "tighten limits"], 90)
        wait_until(lambda: "concurrency" in difference(one), 20)
        assert done[0]["subject"] == "pools/main" and "latency" in done[0]["reason"]
        wait_until(lambda: any(a["outcome"] == "limited to 2 at once" for a in advice(one, "anomaly")), 20)
        wait_until(lambda: load.statuses[503] > 0, 20)
    # Ten intervals later there is no limit any more.
    wait_until(lambda: "concurrency" not in difference(one), 60)


@pytest.mark.timeout(150)
def test_a_pool_on_trial_is_rolled_back(site, upstream, state, tmp_path):
    quiet_past(tmp_path, state, "pools/next", 1_430, 1)
    next_one = Sick(0.01)
    good, new = upstream(Sick(0.01)), upstream(next_one)
    one = site(state=state, brain={"interval": "2s"}, pools={
        "main": {"servers": [good.address]},
        "next": {"servers": [new.address], "outliers": "off", "retry": "off", "brain": {"anomalies": "roll_back"}}},
        routes={"all": {"path": "/*", "pool": {"main": 70, "next": 30}}})
    with Load(one.port, clients=6, pause=0.01):
        wait_until(lambda: get(one, "/v1/brain")["series_watched"] > 3, 60)
        time.sleep(3)
        next_one.failures = 0.5
        wait_until(lambda: [a for a in advice(one, "anomaly") if (a["outcome"] or "").startswith("rolled back")], 90)
        assert "all" in difference(one)
        time.sleep(1)
        before = len(new.requests)
        time.sleep(2)
        assert len(new.requests) == before
        # Who thinks that it is well again says so.
        assert run("brain", "why", "next", "--admin", f"127.0.0.1:{one.admin}").returncode == 0
        next_one.failures = 0.0
        taken_back = ask(one.admin, "DELETE", "/v1/changes", host="localhost")
        assert taken_back.status == 200, taken_back.body
        wait_until(lambda: len(new.requests) > before, 20)


@pytest.mark.timeout(150)
def test_a_client_that_a_rush_comes_from_is_held_to_less(site, upstream, state, tmp_path):
    quiet_past(tmp_path, state, "pools/main", 1_430, 1)
    one = site(upstream(Sick(0.001)), state=state, brain={"interval": "2s"},
               listener={"trusted_proxies": ["127.0.0.0/8"]}, pool={"brain": {"anomalies": ["quarantine"]}})
    ended = threading.Event()
    statuses = {"10.0.0.1": Counter(), "10.0.0.2": Counter(), "10.0.0.3": Counter()}

    def asks(address, pause):
        while not ended.wait(pause):
            statuses[address][ask(one.port, headers={"X-Forwarded-For": address}, timeout=10).status] += 1

    threads = [threading.Thread(target=asks, args=(address, pause), daemon=True)
               for address, pause in (("10.0.0.1", 0.005), ("10.0.0.2", 0.6), ("10.0.0.3", 0.6))]
    for thread in threads:
        thread.start()
    try:
        told = wait_until(
            lambda: [a for a in advice(one, "anomaly") if (a["outcome"] or "").startswith("held to")], 90)
        wait_until(lambda: statuses["10.0.0.1"][429] > 20, 30)
        assert told[0]["action"] == "quarantine 10.0.0.1" and "client 10.0.0.1" in told[0]["reason"]
        # Ten intervals later it may do as it likes again.
        before = statuses["10.0.0.1"][200]
        wait_until(lambda: statuses["10.0.0.1"][200] > before + 100, 60)
    finally:
        ended.set()
        for thread in threads:
            thread.join(20)
    for quiet in ("10.0.0.2", "10.0.0.3"):
        assert set(statuses[quiet]) == {200}, statuses
    assert one.aya.record(aya__reason="client_limited")["client.address"] == "10.0.0.1"


@pytest.mark.timeout(200)
def test_what_is_tuned_is_told_shown_and_kept(start, port, upstream, state):
    servers = [upstream(Sick(0.01)), upstream(Sick(0.01)), upstream(Sick(0.06))]
    settings = dict(state=state, brain={"interval": "2s"}, pool={
        "brain": {"anomalies": "off", "precursors": "off", "tune": {"weights": {"min": 10, "max": 100}}}})
    first = Site(start, port, *servers, **settings)
    assert get(first, "/v1/brain")["pools"][0]["functions"]["tune"] == "weights"
    generations = get(first, "/v1/generations")
    with Load(first.port, clients=6, pause=0.005):
        told = wait_until(lambda: advice(first, "tuning"), 90, "a change")[0]
        tuned = wait_until(lambda: difference(first) if "weight" in difference(first) else None, 20)
        # It is none of the generations that one goes back to.
        assert get(first, "/v1/generations")["generations"] == generations["generations"]
        first.aya.stop()
        first.aya.may_have_ended = True
    assert told["action"].startswith("tune weights ") and servers[2].address in told["reason"]
    assert 0 < told["confidence"] < 1
    assert servers[2].address in tuned
    second = Site(start, port, *servers, **settings)
    wait_until(lambda: difference(second) == tuned, 30, "the same weights")
    assert ask(second.admin, "DELETE", "/v1/changes", host="localhost").status == 200
    assert difference(second) == "[]"
