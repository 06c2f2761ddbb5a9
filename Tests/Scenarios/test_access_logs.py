"""Where access records go, in which form, and what happens when the target does not take them."""

import json
import os
import re
import shutil
import signal
import subprocess

import pytest

from support.aya import wait_until
from support.certificates import Authority
from support.client import ask
from support.collector import SyslogReceiver


@pytest.fixture
def logging(proxy, upstream):
    """A function that starts Aya with these logs beside the usual one."""

    def start(servers=None, **logs):
        return proxy(*(servers or [upstream()]), access_logs=logs)

    return start


def lines(path):
    if not os.path.exists(path):
        return []
    with open(path) as file:
        return file.read().splitlines()


def metric(aya, name):
    text = ask(aya.admin, target="/metrics", host="localhost").body.decode()
    return {match[1]: float(match[2]) for match in re.finditer(name + r"\{([^}]*)\} (\S+)", text)}


def test_forms(logging, tmp_path):
    aya = logging(
        combined={"file": str(tmp_path / "combined"), "format": "combined"},
        own={"file": str(tmp_path / "own"), "template": "<{http.request.method}> {url.path} {url.query}"},
        fields={"file": str(tmp_path / "fields"), "query": True, "headers": ["X-Tenant", "Authorization"]})
    ask(aya.port, target="/a?token=secret&x=1",
        headers=[("Referer", "http://r.example/?password=p"), ("User-Agent", 'mine "1"'), ("X-Tenant", "blue"),
                 ("Authorization", "Bearer secret")])
    line = wait_until(lambda: lines(tmp_path / "combined"))[0]
    assert re.fullmatch(
        r'127\.0\.0\.1 - - \[\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d \+0000\] "GET /a\?token=REDACTED&x=1 HTTP/1\.1" 200 \d+ '
        r'"http://r\.example/\?password=REDACTED" "mine \\x221\\x22"', line)
    assert wait_until(lambda: lines(tmp_path / "own")) == ["<GET> /a token=REDACTED&x=1"]
    record = json.loads(wait_until(lambda: lines(tmp_path / "fields"))[0])
    assert record["url.query"] == "token=REDACTED&x=1"
    assert record["http.request.header.x-tenant"] == "blue"
    assert record["http.request.header.authorization"] == "REDACTED"
    assert "url.query" not in aya.records()[0]


def test_logs_of_some_routes_and_samples(start, upstream, port, tmp_path):
    server, listening = upstream(), port()
    aya = start({
        "listeners": {"web": {"bind": f"127.0.0.1:{listening}"}},
        "routes": {"api": {"path": "/api/*", "pool": "main"}, "site": {"pool": "main"},
                   "broken": {"path": "/broken", "pool": "dead"}},
        "pools": {"main": {"servers": [server.address]}, "dead": {"servers": [f"127.0.0.1:{port()}"]}},
        "access_logs": {"api": {"file": str(tmp_path / "api"), "routes": ["api"]},
                        "failures": {"file": str(tmp_path / "failures"), "sample": "0%"}}})
    for target in ("/api/1", "/site", "/broken", "/api/2"):
        ask(listening, target=target)
    aya.records(4)
    read = lambda name: [json.loads(line)["url.path"] for line in lines(tmp_path / name)]
    wait_until(lambda: read("api") == ["/api/1", "/api/2"])
    wait_until(lambda: read("failures") == ["/broken"])


def test_rotation_by_others(logging, tmp_path):
    path = tmp_path / "rotated"
    aya = logging(rotated={"file": str(path)})
    ask(aya.port, target="/before")
    wait_until(lambda: lines(path))
    os.rename(path, f"{path}.1")
    aya.process.send_signal(signal.SIGHUP)
    wait_until(path.exists)
    ask(aya.port, target="/between")
    wait_until(lambda: lines(path))
    os.rename(path, f"{path}.2")
    assert ask(aya.admin, "POST", "/v1/reload", host="localhost").status == 200
    wait_until(path.exists)
    ask(aya.port, target="/after")
    assert json.loads(wait_until(lambda: lines(path))[0])["url.path"] == "/after"
    assert json.loads(lines(f"{path}.1")[0])["url.path"] == "/before"


def test_rotation_by_size(logging, tmp_path):
    path = tmp_path / "rotated"
    aya = logging(rotated={"file": str(path), "rotate": {"size": "1KiB", "keep": 2}, "template": "{url.path}"})
    for round in range(6):
        for number in range(3):
            ask(aya.port, target=f"/{round}/{number}/" + "x" * 400)
        aya.records(3 * (round + 1))
        wait_until(lambda: f"/{round}/2/" in "".join(lines(path) + lines(f"{path}.1")))
    assert sorted(os.listdir(tmp_path / ".")) and os.path.exists(f"{path}.2") and not os.path.exists(f"{path}.3")


@pytest.mark.parametrize("kind", ["udp", "tcp", "unix"])
def test_syslog(logging, tmp_path, kind):
    receiver = SyslogReceiver(kind, str(tmp_path / "socket"))
    transport = {"transport": "tcp"} if kind == "tcp" else {}
    aya = logging(sys={"syslog": {"address": receiver.address, "facility": "local2", "tag": "edge", **transport}})
    for number in range(3):
        ask(aya.port, target=f"/{number}")
    messages = wait_until(lambda: len(receiver.messages) >= 3 and receiver.messages)
    for number, message in enumerate(messages):
        match = re.fullmatch(r"<150>1 (\d{4}-\d\d-\d\dT[\d:.]+Z) (\S+) edge (\d+) access - (\{.*\})", message)
        assert match and int(match[3]) == aya.process.pid
        assert json.loads(match[4])["url.path"] == f"/{number}"
    receiver.stop()


@pytest.mark.skipif(not shutil.which("rsyslogd"), reason="rsyslog is not installed")
@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_rsyslog(logging, tmp_path, port, transport):
    """The receiver of Debian takes it apart as RFC 5424 says."""
    listening, out = port(), tmp_path / "received"
    module = "imudp" if transport == "udp" else "imtcp"
    (tmp_path / "rsyslog.conf").write_text(f"""
module(load="{module}")
template(name="parts" type="string" string="%pri%|%protocol-version%|%app-name%|%procid%|%msgid%|%msg%\\n")
input(type="{module}" port="{listening}" address="127.0.0.1")
action(type="omfile" file="{out}" template="parts")
""")
    daemon = subprocess.Popen(
        ["rsyslogd", "-n", "-f", str(tmp_path / "rsyslog.conf"), "-i", str(tmp_path / "pid")],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until((tmp_path / "pid").exists, timeout=10)
        aya = logging(sys={"syslog": {"address": f"127.0.0.1:{listening}", "transport": transport}})

        def received():
            ask(aya.port, target='/a"]b')
            return lines(out)

        parts = wait_until(received, timeout=20)[0].split("|", 5)
        assert parts[:5] == ["134", "1", "aya", str(aya.process.pid), "access"]
        assert json.loads(parts[5])["url.path"] == '/a"]b'
    finally:
        daemon.terminate()
        daemon.wait(10)


def test_loki(logging, collector):
    loki = collector()
    aya = logging(grafana={"loki": {
        "url": loki.url, "labels": {"job": "aya", "dc": "eu"}, "tenant": "ops", "user": "me", "password": "secret"}})
    for number in range(5):
        ask(aya.port, target=f"/{number}")
    values = lambda: [value for body in loki.bodies for value in json.loads(body)["streams"][0]["values"]]
    wait_until(lambda: len(values()) == 5, timeout=10)
    path, headers, body = loki.requests[0]
    assert path == "/loki/api/v1/push" and headers["Content-Type"] == "application/json"
    assert headers["X-Scope-OrgID"] == "ops" and headers["Authorization"] == "Basic bWU6c2VjcmV0"
    assert json.loads(body)["streams"][0]["stream"] == {"job": "aya", "dc": "eu"}
    assert [json.loads(line)["url.path"] for _, line in values()] == [f"/{number}" for number in range(5)]
    assert all(re.fullmatch(r"\d{19}", time) for time, _ in values())


@pytest.mark.parametrize("is_known", [True, False])
def test_over_tls_to_whom_it_trusts(logging, collector, tmp_path, is_known):
    for name in "ab":
        (tmp_path / name).mkdir()
    authority, other = Authority(tmp_path / "a"), Authority(tmp_path / "b")
    loki = collector(certificate=authority.issue("127.0.0.1", "IP:127.0.0.1"))
    ca = (authority if is_known else other).certificate
    aya = logging(grafana={"loki": {"url": loki.url.replace("http:", "https:"), "verify": ca}})
    for number in range(3):
        assert ask(aya.port, target=f"/{number}").status == 200
    if is_known:
        wait_until(lambda: metric(aya, "aya_access_log_records_total")['log="grafana"'] == 3, timeout=10)
        assert loki.requests
    else:
        wait_until(lambda: metric(aya, "aya_access_log_failures_total")['log="grafana"'] >= 1, timeout=10)
        assert not loki.requests


def test_elasticsearch_takes_every_record_once(logging, collector):
    """A batch of which a part is refused for now is sent again, under the same ids."""
    answer = json.dumps({"errors": True, "items": [{"create": {"status": 201}}, {"create": {"status": 429}}]}).encode()
    search = collector([(503, b"busy"), (200, answer)])
    aya = logging(search={"elasticsearch": {"url": search.url, "token": "key", "index": "edge"}})
    ask(aya.port, target="/1")
    ask(aya.port, target="/2")
    wait_until(lambda: len(search.requests) >= 3, timeout=15)
    path, headers, body = search.requests[-1]
    assert path == "/_bulk" and headers["Authorization"] == "ApiKey key"
    assert headers["Content-Type"] == "application/x-ndjson"
    entries = [json.loads(line) for line in body.splitlines()]
    assert [entry["url.path"] for entry in entries[1::2]] == ["/1", "/2"]
    assert all(entry["@timestamp"] == entry["timestamp"] for entry in entries[1::2])
    assert all(entry["create"]["_index"] == "edge" for entry in entries[::2])
    assert search.bodies[0] == search.bodies[1] == search.bodies[2]
    wait_until(lambda: metric(aya, "aya_access_log_records_total")['log="search"'] == 2)
    assert metric(aya, "aya_access_log_failures_total")['log="search"'] == 2
    assert metric(aya, "aya_access_log_dropped_total")['log="search"'] == 0


def test_splunk(logging, collector):
    splunk = collector()
    aya = logging(siem={"splunk": {"url": splunk.url, "token": "t", "index": "web"}, "format": "common"})
    ask(aya.port, target="/x")
    wait_until(lambda: splunk.requests, timeout=10)
    path, headers, body = splunk.requests[0]
    assert path == "/services/collector/event" and headers["Authorization"] == "Splunk t"
    event = json.loads(body)
    assert event["index"] == "web" and event["source"] == "aya" and '"GET /x HTTP/1.1" 200' in event["event"]
    assert abs(event["time"] - __import__("time").time()) < 60


def test_records_that_a_collector_refuses_are_counted(logging, collector):
    loki = collector(default=(400, b"no such label"))
    aya = logging(grafana={"loki": {"url": loki.url}})
    ask(aya.port)
    wait_until(lambda: metric(aya, "aya_access_log_dropped_total")['log="grafana"'] == 1, timeout=10)
    assert "no such label" in aya.stderr


def test_a_dead_collector_harms_nobody(logging, port, collector):
    """Traffic and other logs go on; what came meanwhile is delivered when the collector is there."""
    listening = port()
    aya = logging(grafana={"loki": {"url": f"http://127.0.0.1:{listening}"}})
    for number in range(20):
        assert ask(aya.port, target=f"/{number}").status == 200
    aya.records(20)
    wait_until(lambda: metric(aya, "aya_access_log_failures_total")['log="grafana"'] >= 1, timeout=10)
    loki = collector(port=listening)
    count = lambda: sum(len(json.loads(body)["streams"][0]["values"]) for body in loki.bodies)
    wait_until(lambda: count() == 20, timeout=20)
    assert metric(aya, "aya_access_log_dropped_total")['log="grafana"'] == 0


def test_logs_that_change_with_a_reload(logging, tmp_path):
    aya = logging(one={"file": str(tmp_path / "one")})
    ask(aya.port, target="/1")
    wait_until(lambda: lines(tmp_path / "one"))
    text = open(aya.configuration_path).read().replace(str(tmp_path / "one"), str(tmp_path / "two"))
    open(aya.configuration_path, "w").write(text)
    assert ask(aya.admin, "POST", "/v1/reload", host="localhost").status == 200
    ask(aya.port, target="/2")
    wait_until(lambda: lines(tmp_path / "two"))
    assert len(lines(tmp_path / "one")) == 1
    assert len(aya.records(2)) == 2, "the log that stayed missed nothing"
