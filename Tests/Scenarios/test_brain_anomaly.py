"""`aya brain anomaly`: each row is answered before the next is read; bad input gets an answer too."""

import json
import random
import subprocess

from support.aya import BINARY


def rows(count):
    noise = random.Random(7)
    return [f"{1_700_006_400 + 300 * row},{noise.gauss(50, 2)}" for row in range(count)]


def answers(lines, *options):
    result = subprocess.run([BINARY, "brain", "anomaly", *options], input="\n".join(lines) + "\n", text=True,
                            capture_output=True, timeout=50)
    assert result.returncode == 0, result.stderr
    return result.stdout.split("\n")[:-1], result.stderr


def test_answers_each_row_before_the_next():
    with subprocess.Popen([BINARY, "brain", "anomaly"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                          bufsize=1) as aya:
        aya.stdin.write("timestamp,value\n")
        for row in rows(20):
            aya.stdin.write(row + "\n")
            assert 0 <= float(aya.stdout.readline()) <= 1
        aya.stdin.close()
        assert aya.wait(10) == 0


def test_a_burst_raises_one_alarm_with_its_cause():
    lines = rows(800)
    lines[700] = "2023-11-17 10:20:00,90"
    found, _ = answers(lines, "--json", "--threshold", "3")
    verdicts = [json.loads(line) for line in found]
    assert [row for row, verdict in enumerate(verdicts) if verdict["alarm"]] == [700]
    assert verdicts[700]["cause"] == "shape" and verdicts[700]["score"] >= 0.5
    assert abs(verdicts[700]["usual"] - 50) < 10


def test_odd_input_gets_an_answer():
    found, errors = answers(["timestamp,value", "1,nan", "2,", "1,1e308", "0,-1e308", "what", "3,4"])
    assert len(found) == 6 and all(0 <= float(score) <= 1 for score in found)
    assert "line 6: not 'timestamp,value'" in errors


def test_refuses_a_threshold_that_is_none():
    result = subprocess.run([BINARY, "brain", "anomaly", "--threshold", "0"], text=True, capture_output=True,
                            stdin=subprocess.DEVNULL, timeout=50)
    assert result.returncode == 2 and "more than 0" in result.stderr
