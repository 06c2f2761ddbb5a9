"""`aya check`: what stands in the way of a configuration on this machine."""

import json
import os
import socket

import pytest
from support.aya import run


@pytest.fixture
def check(tmp_path):
    """A function that checks a configuration; findings by topic."""

    def run_check(configuration, *arguments):
        configuration.setdefault("state", str(tmp_path))
        path = tmp_path / "aya.yaml"
        path.write_text(json.dumps(configuration))
        ran = run("check", "-c", str(path), "--json", *arguments)
        assert ran.returncode in (0, 1), ran.stderr
        told = json.loads(ran.stdout)
        assert told["ok"] == (ran.returncode == 0) == all(f["level"] != "error" for f in told["findings"])
        assert all((f["fix"] is None) == (f["level"] == "ok") for f in told["findings"])
        topics = {}
        for finding in told["findings"]:
            topics.setdefault(finding["topic"], []).append(finding)
        return topics

    return run_check


def plain(listening, *servers, **more):
    return {"listeners": {"web": {"bind": f"127.0.0.1:{listening}"}}, "pools": {"main": {"servers": list(servers)}}, **more}


def test_nothing_in_the_way(check, port, upstream):
    found = check(plain(port(), upstream().address))
    assert {"configuration", "descriptors", "clock", "kernel", "ports", "state", "servers"} <= found.keys()
    assert found["ports"][0]["level"] == "ok" and found["servers"][0]["level"] == "ok"


def test_ports_that_are_held(check, port, upstream):
    server = upstream()
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        found = check(plain(holder.getsockname()[1], server.address))
        assert found["ports"][0]["level"] == "error" and f"process {os.getpid()}" in found["ports"][0]["message"]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as holder:
        holder.bind(("127.0.0.1", 0))
        number = holder.getsockname()[1]
        udp = {"listeners": {"log": {"bind": f"127.0.0.1:{number}", "protocol": "udp", "pool": "main"}},
               "pools": {"main": {"servers": ["127.0.0.1:9"]}}}
        assert f"process {os.getpid()}" in check(udp)["ports"][0]["message"]
    found = check({"listeners": {"web": {"bind": "192.0.2.1:80"}}, "pools": {"main": {"servers": [server.address]}}})
    assert "no address 192.0.2.1" in found["ports"][0]["message"]


def test_ports_that_a_running_aya_holds(check, proxy, upstream):
    aya = proxy(upstream())
    with open(aya.configuration_path) as file:
        found = check(json.load(file))
    assert all(f["level"] == "ok" and "Aya that runs" in f["message"] for f in found["ports"])


def test_servers_that_do_not_answer(check, port, upstream):
    closed = port()
    found = check(plain(port(), upstream().address, f"127.0.0.1:{closed}", "no-such-name.invalid:80"))
    by_level = [f["level"] for f in found["servers"]]
    assert by_level == ["ok", "error", "error"]
    assert "refused" in found["servers"][1]["message"] and "looked up" in found["servers"][2]["message"]
    assert "servers" not in check(plain(port(), f"127.0.0.1:{closed}"), "--no-network")


def test_directories(check, port, upstream, tmp_path):
    server = upstream().address
    missing = check(plain(port(), server, state=str(tmp_path / "missing")))
    assert missing["state"][0]["level"] == "warning"
    found = check(plain(port(), server, access_log={"format": "json", "file": str(tmp_path / "no" / "access.log")}))
    assert found["access log"][0]["level"] == "error"


def test_people_read_it_too(tmp_path, port, upstream):
    path = tmp_path / "aya.yaml"
    path.write_text(json.dumps(plain(port(), upstream().address, f"127.0.0.1:{port()}", state=str(tmp_path))))
    ran = run("check", "-c", str(path))
    assert ran.returncode == 1 and "✓ configuration" in ran.stdout and "✗ servers" in ran.stdout
    assert "-> start it" in ran.stdout
    path.write_text("listeners: {")
    assert run("check", "-c", str(path)).returncode == 3
