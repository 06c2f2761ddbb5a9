"""`aya brain forecast`: history in, a line for each step ahead out; bad input gets an answer too."""

import json
import math
import os
import subprocess

import pytest

from support.aya import BINARY

HOUR = 3_600


def history(hours):
    return "timestamp,value\n" + "".join(
        f"{1_700_006_400 + HOUR * hour},{1000 + 500 * math.sin(hour / 12 * math.pi):.2f}\n" for hour in range(hours))


def run(text, *options, **environment):
    return subprocess.run([BINARY, "brain", "forecast", *options], input=text, text=True, capture_output=True,
                          timeout=50, env={**os.environ, **environment})


def test_foretells_a_daily_wave():
    result = run(history(24 * 30), HORIZON="48", SEASON="24,168", STEP_SECONDS="3600")
    assert result.returncode == 0, result.stderr
    rows = [[float(number) for number in line.split(",")] for line in result.stdout.splitlines()]
    assert len(rows) == 48
    for step, (mean, low80, high80, low95, high95) in enumerate(rows):
        assert abs(mean - (1000 + 500 * math.sin((24 * 30 + step) / 12 * math.pi))) < 5
        assert low95 <= low80 <= mean <= high80 <= high95


def test_json_says_when_and_who():
    result = run(history(24 * 30), "--horizon", "3", "--json")
    answer = json.loads(result.stdout)
    assert answer["step_seconds"] == HOUR
    assert [step["time"] for step in answer["forecast"]] == [1_700_006_400 + HOUR * (24 * 30 + ahead) for ahead in range(3)]
    assert abs(sum(expert["weight"] for expert in answer["experts"]) - 1) < 1e-6


@pytest.mark.parametrize("text", ["1,5\n", "1,nan\n", "1,1\n1,2\n0,7\n4e9,3\n", history(30) + "rubbish\n\x00,,\n"])
def test_any_history_is_answered(text):
    result = run(text, "--horizon", "4")
    assert result.returncode == 0, result.stderr
    rows = [[float(number) for number in line.split(",")] for line in result.stdout.splitlines()]
    assert len(rows) == 4 and all(math.isfinite(number) for row in rows for number in row)


@pytest.mark.parametrize("options,code", [(["--horizon", "0"], 2), (["--season", "day"], 2), (["--step", "-1"], 2), ([], 1)])
def test_refuses_what_it_can_not_answer(options, code):
    result = run("", *options)
    assert result.returncode == code and result.stderr
