"""Metrics as Prometheus reads them: its own checks of the text, and the rules and the dashboard that Aya ships, loaded by a
real Prometheus that scrapes a real Aya."""

import json
import os
import re
import shutil
import subprocess
import urllib.parse
import urllib.request

import pytest

from support.aya import ROOT, wait_until
from support.client import ask

MONITORING = os.path.join(ROOT, "monitoring")

needs_prometheus = pytest.mark.skipif(not shutil.which("promtool"), reason="prometheus is not installed")


def exposition(aya, **fields):
    response = ask(aya.admin, target="/metrics", host="localhost", headers=list(fields.get("headers", [])))
    return response.get("content-type"), response.body.decode()


def test_open_metrics_for_those_who_ask(proxy, upstream):
    aya = proxy(upstream())
    ask(aya.port)
    kind, text = exposition(aya, headers=[(
        "Accept", "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
        "text/plain;version=0.0.4;q=0.5,*/*;q=0.1")])
    assert kind == "application/openmetrics-text; version=1.0.0; charset=utf-8"
    assert text.endswith("# EOF\n") and "# TYPE aya_route_requests counter\n" in text
    assert 'aya_route_requests_total{route="default",status="2xx"} 1' in text
    for accept in ("text/plain", "*/*", "application/openmetrics-text;q=0.1,text/plain", "application/json"):
        kind, text = exposition(aya, headers=[("Accept", accept)])
        assert kind == "text/plain; version=0.0.4; charset=utf-8" and "# EOF" not in text


@needs_prometheus
def test_promtool_finds_nothing(proxy, upstream):
    aya = proxy(upstream(), tracing={"otlp": {"endpoint": "http://127.0.0.1:9"}})
    for _ in range(3):
        ask(aya.port)
    result = subprocess.run(
        ["promtool", "check", "metrics"], input=exposition(aya)[1], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


def queries():
    with open(os.path.join(MONITORING, "grafana/aya.json")) as file:
        board = json.load(file)
    for panel in board["panels"]:
        for target in panel.get("targets", []):
            yield panel["title"], target["expr"].replace("$__rate_interval", "30s").replace("$instance", ".*")


@needs_prometheus
def test_rules_and_dashboard_in_a_real_prometheus(proxy, upstream, port, tmp_path):
    aya = proxy(upstream(), pool={"health": {"http": "/", "interval": "1s"}})
    listening = port()
    shutil.copy(os.path.join(MONITORING, "prometheus/aya.rules.yaml"), tmp_path)
    with open(os.path.join(MONITORING, "prometheus/prometheus.yaml")) as file:
        text = file.read()
    (tmp_path / "prometheus.yaml").write_text(
        text.replace("127.0.0.1:9900", f"127.0.0.1:{aya.admin}").replace("_interval: 5s", "_interval: 1s"))
    server = subprocess.Popen(
        ["prometheus", f"--config.file={tmp_path}/prometheus.yaml", f"--storage.tsdb.path={tmp_path}/data",
         f"--web.listen-address=127.0.0.1:{listening}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def get(path, **query):
        url = f"http://127.0.0.1:{listening}{path}?{urllib.parse.urlencode(query)}"
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return json.load(answer)["data"]
        except OSError:
            return None

    try:
        wait_until(lambda: (targets := get("/api/v1/targets")) and any(
            target["health"] == "up" for target in targets["activeTargets"]), timeout=30, what="a scrape")
        groups = get("/api/v1/rules")["groups"]
        assert {group["name"] for group in groups} == {"aya-rates", "aya-alerts"}
        wait_until(lambda: all(
            rule["health"] == "ok" for group in get("/api/v1/rules")["groups"] for rule in group["rules"]), timeout=20)

        def rate():
            ask(aya.port)
            found = get("/api/v1/query", query='sum(rate(aya_route_requests_total{route="default"}[30s]))')["result"]
            return found and float(found[0]["value"][1]) > 0

        wait_until(rate, timeout=20, what="a rate")
        empty = [title for title, query in queries() if not get("/api/v1/query", query=query)["result"]]
        may_be_empty = {"Why exchanges failed", "Days of certificates", "Failed share by route"}
        assert set(empty) <= may_be_empty, f"panels without data: {empty}"
        known = {name for name in re.findall(r"^# TYPE (\S+)", exposition(aya)[1], re.M)}
        for title, query in queries():
            for name in re.findall(r"\b(?:aya|process)_\w+", query):
                base = re.sub(r"_(bucket|sum|count)$", "", name)
                assert base in known or title in may_be_empty, f"'{title}' asks for {name}, which Aya does not have"
    finally:
        server.terminate()
        server.wait(10)
