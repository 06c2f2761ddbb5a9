"""The brain at work: it learns from history, its own and imported, answers questions, and asks for servers."""

import json
import stat
import time

import pytest
from support.aya import run, wait_until
from support.client import ask
from support.past import imported, knee, minutes


def get(site, path, expect=200):
    answer = ask(site.admin, target=path, host="localhost", timeout=10)
    assert answer.status == expect, answer.body
    return answer.json()


def test_an_imported_past_is_forecast_at_once(site, upstream, state, tmp_path):
    # A day and a half that goes up and down every hour, from 50 to 150 requests a second.
    rows = [(at, 100 + 50 * (1 if at // 1800 % 2 else -1)) for at in minutes(2_160)]
    said = imported(tmp_path, state, "pools/main", "".join(f"{at},{value}\n" for at, value in rows), "csv")
    assert "2160 minutes of pools/main" in said
    one = site(upstream(), state=state)
    told = get(one, "/v1/brain/forecast?series=pools/main/requests&horizon=10")
    assert told["series"] == "pools/main/requests" and told["step_seconds"] == 60
    assert abs(told["start"] - time.time()) < 120
    for key in ("mean", "lo80", "hi80", "lo95", "hi95"):
        assert len(told[key]) == 10
    for low, mean, high in zip(told["lo95"], told["mean"], told["hi95"]):
        assert low <= mean <= high and 20 < mean < 200
    hourly = get(one, "/v1/brain/forecast?series=pools/main/requests&horizon=5&resolution=1h")
    assert hourly["step_seconds"] == 3600 and all(80 < value < 120 for value in hourly["mean"])


def test_bad_questions(site, upstream):
    one = site(upstream())
    for query in ("", "?series=x", "?series=pools/main/speed", "?series=aya/requests&horizon=0",
                  "?series=aya/requests&horizon=5000", "?series=aya/requests&resolution=1s",
                  "?series=aya/requests&step=1"):
        get(one, f"/v1/brain/forecast{query}", expect=400)
    assert get(one, "/v1/brain/forecast?series=pools/none/requests", expect=404)["code"] == "no_history"
    assert ask(one.admin, "POST", "/v1/brain", host="localhost").status == 405
    off = site(upstream(), history="off")
    for path in ("/v1/brain", "/v1/brain/advice", "/v1/brain/incidents", "/v1/brain/forecast?series=aya/requests"):
        assert get(off, path, expect=404)["code"] == "brain_off"


def test_what_it_does_is_told(site, upstream):
    one = site(upstream(), pool={"balance": "auto", "brain": {"anomalies": "eject", "forecast": False}})
    for _ in range(20):
        ask(one.port)
    told = get(one, "/v1/brain")
    pool = told["pools"][0]
    assert pool["name"] == "main"
    assert pool["functions"] == {"forecast": "off", "anomalies": "eject", "precursors": "alert", "capacity": "off",
                                 "tune": "off"}
    wait_until(lambda: get(one, "/v1/brain")["pools"][0].get("balance"), 15)
    assert get(one, "/v1/brain")["pools"][0]["balance"]["workers"] == ["soonest", "soonest"]
    assert get(one, "/v1/brain/advice") == {"advice": []}
    assert get(one, "/v1/brain/incidents") == {"incidents": []}
    admin = ("--admin", f"127.0.0.1:{one.admin}")
    shown = run("brain", "status", *admin)
    assert shown.returncode == 0 and "eject" in shown.stdout and "soonest" in shown.stdout, shown.stderr
    why = run("brain", "why", "main", *admin)
    assert why.returncode == 0 and "nothing else has proved better" in why.stdout, why.stderr
    assert run("brain", "why", "nobody", *admin).returncode == 1
    assert run("brain", "advice", *admin).returncode == 0
    assert json.loads(run("brain", "status", "--json", *admin).stdout)["pools"]


@pytest.mark.timeout(180)
def test_it_asks_for_servers_by_a_hook(site, upstream, state, tmp_path):
    server = upstream()
    imported(tmp_path, state, f"servers/main/{server.address}", knee(700), "combined")
    # The pool gets one a second: four times as much.
    imported(tmp_path, state, "pools/main", "".join(f"{at},1\n" for at in minutes(300)), "csv")
    told = tmp_path / "told"
    hook = tmp_path / "scale"
    hook.write_text(f'#!/bin/sh\necho "$AYA_POOL $AYA_PRESENT $AYA_SERVERS" >> {told}\n')
    hook.chmod(hook.stat().st_mode | stat.S_IXUSR)
    one = site(server, state=state, pool={"brain": {"capacity": {"min": 1, "max": 9, "hook": [str(hook)]}}})
    capacity = wait_until(lambda: get(one, "/v1/brain")["pools"][0].get("capacity"), 20)
    assert capacity["knee_seen"] and 0.2 < capacity["requests_per_server"] < 0.32, capacity
    wait_until(told.exists, 90)
    wait_until(lambda: any(a["outcome"] == "2 asked for by command" for a in get(one, "/v1/brain/advice")["advice"]), 10)
    # No more than twice as many at a time.
    assert told.read_text().splitlines()[0] == "main 1 2"
    advice = [a for a in get(one, "/v1/brain/advice")["advice"] if a["kind"] == "capacity"][0]
    assert advice["subject"] == "pools/main" and advice["value"] == 2 and advice["action"] == "scale to 2 servers"
    assert 0 < advice["confidence"] <= 1 and "where one server carries" in advice["reason"]
    entry = wait_until(lambda: get(one, "/v1/audit")["changes"], 10)[0]
    assert entry["identity"] == "brain" and entry["action"] == "scale to 2 servers (pools/main)"
    assert entry["reason"] == advice["reason"] and entry["problems"] == []
    assert entry["changes"] == ["servers of main: 1 -> 2 wanted", "2 asked for by command"]


@pytest.mark.timeout(180)
def test_a_day_again(tmp_path):
    lines = []
    for step in range(7 * 144):
        hour = step % 144 / 6
        rate = 100 + 800 * max(0, 1 - abs(hour - 13) / 5)
        lines.append(f"{1_800_000_000 + 600 * step},{rate:.1f}\n")
    file = tmp_path / "week.csv"
    file.write_text("".join(lines))
    done = run("brain", "replay", str(file), "--carries", "50", "--lead-time", "900", "--json", timeout=120)
    assert done.returncode == 0, done.stderr
    own, reactive, fixed = json.loads(done.stdout)["policies"]
    assert own["overload_seconds"] <= 0.2 * reactive["overload_seconds"]
    assert own["server_hours"] < 0.7 * fixed["server_hours"]
    assert run("brain", "replay", str(file), "--carries", "0").returncode == 2
