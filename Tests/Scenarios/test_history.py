"""History: series of every second, minute and hour, over the admin API; they outlast whatever happens to the process."""

import json
import os
import signal
import threading
import time

import pytest
from support.aya import wait_until
from support.client import Client, ask
from test_generations import aya as command
from support.site import Site


def get(site, path):
    return ask(site.admin, target=path, host="localhost", timeout=5)


def values(site, series, resolution="1s", back=60):
    """What is known of a series, without what is not."""
    now = int(time.time())
    answer = get(site, f"/v1/history?series={series}&resolution={resolution}&from={now - back}&to={now + 1}")
    assert answer.status == 200, answer.body
    told = answer.json()
    return [value for value in told["series"][series] if value is not None]


class Requests:
    """About fifty requests a second, until it is closed."""

    def __init__(self, port):
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.run, args=(port,), daemon=True)
        self.thread.start()

    def run(self, port):
        while not self.ended.wait(0.02):
            try:
                ask(port)
            except Exception:
                pass

    def close(self):
        self.ended.set()
        self.thread.join()


@pytest.fixture
def load():
    started = []

    def start_load(port):
        started.append(Requests(port))
        return started[-1]

    yield start_load
    for one in started:
        one.close()


def test_series_of_everything(site, upstream, load, state):
    server = upstream()
    one = site(server, state=state)
    load(one.port)
    wait_until(lambda: len([v for v in values(one, "pools/main/requests") if v > 5]) >= 2, 10)
    names = get(one, "/v1/history/series").json()["series"]
    for name in ("aya/requests", "listeners/web/bytes_in", "pools/main/latency_p99", "pools/main/servers_available",
                 f"servers/main/{server.address}/in_flight", "routes/default/requests"):
        assert name in names, names
    both = get(one, "/v1/history?series=aya/requests,pools/main/latency_mean&from=-5").json()
    assert both["resolution_seconds"] == 1 and len(both["series"]) == 2
    assert len(both["series"]["aya/requests"]) == 5
    assert abs(both["start"] - time.time()) < 8
    assert values(one, f"servers/main/{server.address}/servers_available")[-1] == 1
    latencies = values(one, "pools/main/latency_mean")
    assert latencies and all(0 < latency < 1 for latency in latencies)
    assert one.aya.metric("aya_history_up") == 1 and one.aya.metric("aya_history_series") > 40


def test_bad_questions(site, upstream):
    one = site(upstream())
    for query in ("", "?series=pools/main/speed", "?series=aya/requests&resolution=2s", "?series=aya/requests&from=x",
                  "?series=aya/requests&from=20&to=10", "?series=aya/requests&form=1",
                  "?series=aya/requests&from=0&to=99999999999", "?series=aya/requests&from=-99999999999999999",
                  "?series=%ff/%00/requests"):
        answer = get(one, f"/v1/history{query}")
        assert answer.status == 400, query
        assert answer.get("content-type") == "application/problem+json"
    assert ask(one.admin, "POST", "/v1/history", host="localhost").status == 405


def test_live(site, upstream, load):
    one = site(upstream())
    load(one.port)
    client = Client(one.admin, timeout=10)
    client.send(b"GET /v1/live?series=pools/main/*,aya/requests HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert b"text/event-stream" in client.stream.until(b"\r\n\r\n")
    assert client.stream.until(b"\n\n") == b"retry: 1000"
    times = []
    while len(times) < 3:
        event, data = client.stream.until(b"\n\n").split(b"\n", 1)
        assert event == b"event: sample"
        sample = json.loads(data.removeprefix(b"data: "))
        assert all(name.startswith("pools/main/") or name == "aya/requests" for name in sample["values"])
        assert "pools/main/requests" in sample["values"]
        times.append(sample["time"])
    assert times[2] - times[0] in (2, 3) and abs(times[2] - time.time()) < 4
    client.close()


def test_off(site, upstream):
    one = site(upstream(), history="off")
    for path in ("/v1/history?series=aya/requests", "/v1/history/series", "/v1/live"):
        answer = get(one, path)
        assert answer.status == 404 and answer.json()["code"] == "history_off"


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_it_outlasts_the_process(start, port, upstream, load, state, how):
    server = upstream()
    one = Site(start, port, server, state=state)
    load(one.port)
    began = time.time()
    # Until the first stretch of ten seconds is on the disk.
    wait_until(lambda: one.aya.metric("aya_history_bytes") > 0 and time.time() - began > 12, 20)
    before = values(one, "pools/main/requests")
    one.aya.may_have_ended = True
    one.aya.process.send_signal(how)
    one.aya.process.wait(10)
    if how == signal.SIGKILL:
        one.aya.process.returncode = 0
    again = Site(start, port, server, state=state)
    after = values(again, "pools/main/requests")
    lost = len(before) - len(after)
    assert lost <= (10 if how == signal.SIGKILL else 0), (before, after)
    assert "history is not kept" not in again.aya.stderr


def test_a_reload_changes_nothing_for_what_stays(site, upstream, load, state):
    server, other = upstream(), upstream()
    one = site(server, state=state)
    load(one.port)
    wait_until(lambda: len(values(one, "pools/main/requests")) >= 3, 10)
    one.reload(server, other)
    count = len(values(one, "pools/main/requests"))
    wait_until(lambda: len(values(one, f"servers/main/{other.address}/requests")) >= 2, 10)
    told = get(one, "/v1/history?series=pools/main/requests&from=-6").json()["series"]["pools/main/requests"]
    assert len(values(one, "pools/main/requests")) > count and None not in told[1:4], told
    # Nothing that looks like everything since the start within one second.
    assert max(values(one, "pools/main/requests")) < 200


def test_an_upgrade_goes_on_writing(site, upstream, load, state):
    one = site(upstream(), state=state)
    load(one.port)
    wait_until(lambda: len(values(one, "pools/main/requests")) >= 3, 10)
    one.aya.may_have_ended = True
    done = command(one, "upgrade")
    assert done.returncode == 0, done
    one.aya.process.wait(10)
    successor = int(done.stdout.split()[1])
    try:
        wait_until(lambda: one.aya.metric("aya_history_up") == 1, 15, "the successor writing")
        wait_until(lambda: len(values(one, "pools/main/requests")) >= 8, 15)
        times = get(one, "/v1/history?series=pools/main/requests&from=-60").json()["series"]["pools/main/requests"]
        known = [index for index, value in enumerate(times) if value is not None]
        assert known[-1] - known[0] - len(known) <= 3, "a gap of more than the change took"
    finally:
        os.kill(successor, signal.SIGTERM)


@pytest.fixture
def small_disk(disk):
    return disk("192k")


def test_a_full_disk_stops_no_traffic(site, upstream, small_disk):
    filler = small_disk / "filler"
    with open(filler, "wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 1024)
        except OSError:
            pass
    one = site(upstream(), history={"directory": str(small_disk)})
    wait_until(lambda: "history is not kept" in one.aya.stderr, 15)
    assert "disk is full" in one.aya.stderr, one.aya.stderr
    assert ask(one.port).status == 200 and one.aya.metric("aya_history_up") == 0
    assert len(values(one, "pools/main/servers_available")) >= 1, "it is in memory all the same"
    filler.unlink()
    wait_until(lambda: one.aya.metric("aya_history_up") == 1, 25)
    assert "history is kept" in one.aya.stderr


def test_a_damaged_file_stops_no_traffic(site, upstream, state):
    path = os.path.join(state, "history.sqlite")
    with open(path, "wb") as file:
        file.write(b"this is no database" * 1000)
    one = site(upstream(), state=state)
    wait_until(lambda: "the file of history is damaged and was set aside" in one.aya.stderr, 15)
    assert os.path.exists(path + ".damaged")
    assert ask(one.port).status == 200
    wait_until(lambda: one.aya.metric("aya_history_up") == 1, 25)
    assert one.aya.metric("aya_history_write_failures_total") >= 1


def test_a_directory_that_can_not_be_written(site, upstream, tmp_path):
    directory = tmp_path / "place"
    directory.mkdir()
    # A directory where the file should be: even root can not write that.
    (directory / "history.sqlite").mkdir()
    one = site(upstream(), history={"directory": str(directory)})
    wait_until(lambda: "history is not kept" in one.aya.stderr, 15)
    assert ask(one.port).status == 200
    assert one.aya.metric("aya_history_up") == 0
    # What is in memory is told all the same.
    wait_until(lambda: len(values(one, "pools/main/servers_available")) >= 2, 5)


def test_export_and_delete(site, upstream, load, state):
    server = upstream()
    one = site(server, state=state)
    load(one.port)
    wait_until(lambda: len(values(one, "pools/main/requests")) >= 3, 10)
    done = command(one, "history", "export", "pools/main/requests", "aya/requests", "--last", "1m")
    assert done.returncode == 0, done
    lines = done.stdout.splitlines()
    assert lines[0] == "time,pools/main/requests,aya/requests" and len(lines) >= 4, lines
    assert all(len(line.split(",")) == 3 and line[4] == "-" for line in lines[1:])
    names = command(one, "history", "list").stdout.splitlines()
    assert "pools/main/requests" in names
    assert command(one, "history", "export", "pools/main/speed").returncode == 1
    assert command(one, "history", "delete").returncode == 2
    assert command(one, "history", "delete", "--all").returncode == 0
    assert len(values(one, f"servers/main/{server.address}/errors")) <= 2
