"""What the admin API tells as it happens, the level of the log, and files that are watched."""

import json
import time

import pytest
from support.aya import wait_until
from support.client import Client, ask
from test_generations import api, server_path
from support.site import Site


class Events:
    """A client of /v1/events."""

    def __init__(self, address):
        self.client = Client(address, timeout=10)
        self.client.send(b"GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self.head = self.client.stream.until(b"\r\n\r\n")
        assert b"text/event-stream" in self.head and self.client.stream.until(b"\n\n") == b"retry: 1000"

    def next(self):
        data = self.client.stream.until(b"\n\n")
        assert data.startswith(b"data: "), data
        return json.loads(data[6:])

    def until(self, message):
        while (event := self.next())["message"] != message:
            pass
        return event


def test_events(site, process):
    a, b = process("a"), process("b")
    one = site(a, b, pool={"health": {"http": "/", "interval": "100ms", "timeout": "100ms", "fall": 2}})
    listening = [Events(one.admin) for _ in range(3)]
    b.kill()
    for each in listening:
        event = each.until("server is down")
        assert event["server"] == b.address and event["level"] == "warning" and "refused" in event["reason"]
    assert api(one, "PATCH", server_path(a), {"weight": 3}).status == 200
    for each in listening:
        event = each.until("configuration applied")
        assert event["generation"] == "2" and event["change"] == f"weight 3 for main/{a.address}"
        each.client.close()
    # Those that left are forgotten, and nobody waits for them.
    assert api(one, "PATCH", server_path(a), {"weight": 4}).status == 200


def test_a_client_that_does_not_read_is_let_go(site, upstream):
    one = site(upstream())
    stuck = Client(one.admin)
    stuck.send(b"GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
    time.sleep(0.2)
    for _ in range(50):
        assert api(one, "PATCH", "/v1/log", {"level": "info"}).status == 200
    assert ask(one.port).status == 200


def test_events_end_with_the_process(site, upstream):
    one = site(upstream())
    events = Events(one.admin)
    one.aya.may_have_ended = True
    assert one.aya.stop() == 0
    with pytest.raises(Exception):
        while True:
            events.next()


def test_log_level(site, upstream):
    one = site(upstream())
    assert api(one, "GET", "/v1/log").json() == {"level": "info", "kept": None}
    assert api(one, "PATCH", "/v1/log", {"level": "error"}).status == 200
    assert api(one, "GET", "/v1/log").json() == {"level": "error", "kept": None}
    lines = one.aya.stderr
    one.reload(upstream())
    time.sleep(0.2)
    assert one.aya.stderr == lines, "a notice is not urgent enough"
    assert api(one, "PATCH", "/v1/log", {"level": "loud"}).status == 422
    assert api(one, "PATCH", "/v1/log", {"volume": "loud"}).status == 400
    assert api(one, "PATCH", "/v1/log", {"level": "info"}).status == 200


def test_a_level_that_is_kept(start, port, upstream, tmp_path):
    state = tmp_path / "state"
    state.mkdir()
    first = Site(start, port, upstream(), state=str(state))
    assert api(first, "PATCH", "/v1/log", {"level": "debug", "keep": True}).status == 200
    assert api(first, "GET", "/v1/log").json() == {"level": "debug", "kept": "debug"}
    assert api(first, "PATCH", "/v1/log", {"level": "warning"}).status == 200
    told = api(first, "GET", "/v1/diff?from=running&to=file").json()
    assert told["changes"] == ["~ log level: warning -> debug at the next start"]
    first.aya.may_have_ended = True
    assert first.aya.stop() == 0
    second = Site(start, port, upstream(), state=str(state))
    assert api(second, "GET", "/v1/log").json() == {"level": "debug", "kept": "debug"}
    assert api(second, "PATCH", "/v1/log", {"level": "info", "keep": True}).status == 200
    assert api(second, "GET", "/v1/log").json() == {"level": "info", "kept": None}
    assert not (state / "log-level").exists()
    elsewhere = Site(start, port, upstream(), state=str(tmp_path / "none"))
    refused = api(elsewhere, "PATCH", "/v1/log", {"level": "debug", "keep": True})
    assert refused.status == 409 and api(elsewhere, "GET", "/v1/log").json()["level"] == "info"


def test_files_that_are_watched(start, port, upstream):
    listening, admin, server = port(), port(), upstream()

    def text(body):
        return {"listeners": {"web": {"bind": f"127.0.0.1:{listening}"}},
                "routes": {"all": {"respond": {"status": 200, "body": body}}},
                "pools": {"main": {"servers": [server.address]}}, "admin": {"bind": f"127.0.0.1:{admin}"}}

    aya = start(text("one"), arguments=["--watch"])
    aya.admin = admin
    aya.wait_ready()
    assert ask(listening).body == b"one"
    aya.write(text("two"))
    wait_until(lambda: ask(listening).body == b"two", 10, "the change")
    aya.write("listeners: {")
    wait_until(lambda: "configuration not applied" in aya.stderr, 10, "a line about the error")
    assert ask(listening).body == b"two"
    aya.write(text("three"))
    wait_until(lambda: ask(listening).body == b"three", 10, "the change after an error")
