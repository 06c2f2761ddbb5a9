"""The admin listener and what it tells; the access log's form."""

import json
import re

import pytest
from support.client import Client, ask


def test_health_and_readiness(proxy, upstream):
    aya = proxy(upstream())
    for path in ("/healthz", "/readyz"):
        response = ask(aya.admin, target=path, host="localhost")
        assert response.status == 200 and response.body


@pytest.mark.parametrize("method, path, status", [
    ("GET", "/nothing", 404), ("GET", "/healthz/", 404), ("POST", "/healthz", 405), ("GET", "/../etc/passwd", 404)])
def test_what_it_does_not_have(proxy, upstream, method, path, status):
    aya = proxy(upstream())
    response = ask(aya.admin, method, path, host="localhost")
    assert response.status == status or response.status == 400
    assert response.get("content-type") == "application/problem+json"


def test_admin_connection_is_kept(proxy, upstream):
    aya = proxy(upstream())
    with Client(aya.admin) as one:
        for _ in range(3):
            assert one.get("/healthz", host="localhost").status == 200
        one.send_request("HEAD", "/metrics", host="localhost")
        assert one.response("HEAD").status == 200
        assert one.get("/readyz", host="localhost").status == 200


def test_metrics(proxy, upstream):
    """Prometheus text: counts of what happened, every series declared once."""
    aya = proxy(upstream(), workers=2)
    for _ in range(7):
        assert ask(aya.port).status == 200
    response = ask(aya.admin, target="/metrics", host="localhost")
    assert response.get("content-type").startswith("text/plain; version=0.0.4")
    text = response.body.decode()
    types = re.findall(r"^# TYPE (\w+) (\w+)$", text, re.M)
    assert len({name for name, _ in types}) == len(types), "a TYPE line comes once"
    names = {name for name, _ in types}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name = re.match(r"\w+", line).group(0)
            base = re.sub(r"_(bucket|sum|count)$", "", name)
            assert name in names or base in names, f"{name} has no TYPE"
            assert name.startswith(("aya_", "process_")), name
    assert aya.metric("aya_build_info") == 1
    assert aya.metric("aya_listener_requests_total", listener="web") == 7


def test_metrics_of_servers_and_reasons(proxy, upstream, port):
    aya = proxy(upstream(), f"127.0.0.1:{port()}", pool={"retry": {"attempts": 1}})
    statuses = [ask(aya.port).status for _ in range(6)]
    assert sorted(statuses) == [200] * 3 + [502] * 3
    series = [name for name, value in aya.metrics().items() if 'reason="connect_refused"' in name and value == 3]
    assert series, "the reason of three failures"


def test_histograms_add_up(proxy, upstream):
    aya = proxy(upstream())
    for _ in range(5):
        assert ask(aya.port).status == 200
    metrics = aya.metrics()
    counts = {name: value for name, value in metrics.items() if re.match(r"aya_route_\w+_seconds_count", name)}
    assert counts and 5 in counts.values(), counts
    for name, value in counts.items():
        base, labels = re.match(r"(\w+)_count(.*)", name).groups()
        ends = [v for n, v in metrics.items()
                if n.startswith(base + "_bucket") and 'le="+Inf"' in n and labels.strip("{}") in n]
        assert ends == [value]


def test_status(proxy, upstream):
    aya = proxy(upstream())
    assert ask(aya.port).status == 200
    response = ask(aya.admin, target="/v1/status", host="localhost")
    assert response.status == 200 and response.get("content-type").startswith("application/json")
    status = response.json()
    assert {"version", "workers", "listeners", "pools"} <= set(status)
    assert "main" in json.dumps(status["pools"])


def test_hostile_names_in_paths_stay_in_their_line(proxy, upstream, client):
    """Whatever a client sends, a record is one line of JSON."""
    aya = proxy(upstream())
    one = client(aya)
    one.send(b'GET /a"b\\c%0a{}\xff\xc3\xa9?x="1" HTTP/1.1\r\nHost: aya.test\r\nUser-Agent: \t"\\\xf0\x28\r\n\r\n')
    assert one.response().status in (200, 400)
    assert len(aya.records(1)) == 1
    with open(aya.log_path, "rb") as file:
        lines = file.read().split(b"\n")
    assert lines.pop() == b""
    for line in lines:
        json.loads(line.decode("utf-8"))


def test_record_of_an_exchange(proxy, upstream):
    aya = proxy(upstream())
    response = ask(aya.port, "POST", "/log?secret=1", body=b"x" * 100)
    record = aya.records(1)[0]
    assert record["http.request.method"] == "POST"
    assert record["url.path"] == "/log", "the query is not in the path"
    assert record["http.response.status_code"] == 200
    assert record["http.response.body.size"] == len(response.body)
    assert record["aya.listener"] == "web" and record["aya.pool"] == "main" and record["aya.attempts"] == 1
    assert record["aya.request_id"] == response.get("x-request-id")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", record["timestamp"])
    for name in ("total", "connect", "first_byte"):
        assert 0 <= record[f"aya.duration.{name}"] < 10


def test_access_log_to_standard_error(proxy, upstream):
    aya = proxy(upstream(), access_log={"format": "json", "stderr": True})
    assert ask(aya.port, target="/seen").status == 200
    aya.stop()
    aya.may_have_ended = True
    assert [line for line in aya.stderr.splitlines() if '"url.path":"/seen"' in line]


def test_access_log_off(proxy, upstream):
    aya = proxy(upstream(), access_log="off")
    assert ask(aya.port, target="/unseen").status == 200
    aya.stop()
    aya.may_have_ended = True
    assert "/unseen" not in aya.stderr


def test_log_file_that_can_not_be_written(proxy, upstream):
    """/dev/full: every write fails with ENOSPC. Service goes on, the loss is counted and said once."""
    aya = proxy(upstream(), access_log={"format": "json", "file": "/dev/full"})
    for _ in range(50):
        assert ask(aya.port).status == 200
    aya.stop()
    aya.may_have_ended = True
    assert 0 < len(aya.stderr.splitlines()) < 100
