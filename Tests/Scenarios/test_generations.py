"""Generations: what ran is remembered, told and brought back; what the API changes stands on top of the file."""

import json
import os
import signal

import pytest
from support.aya import Aya, run, wait_until
from support.client import Client, ask
from support.site import Site


def answer(text):
    return {"all": {"respond": {"status": 200, "body": text}}}


def api(site, method, path, body=None, headers=()):
    headers = [("Content-Type", "application/json"), *headers]
    return ask(site.admin, method, path, headers, json.dumps(body).encode() if body is not None else None,
               host="localhost")


def server_path(server, pool="main"):
    return f"/v1/pools/{pool}/servers/{getattr(server, 'address', server)}"


def aya(site, *arguments):
    return run(*arguments, "--admin", f"127.0.0.1:{site.admin}")


def test_rollback_and_diff(site, state, upstream):
    server = upstream()
    one = site(server, state=state, routes=answer("one"))
    one.reload(server, routes=answer("two"))
    one.reload(server, routes=answer("three"))
    told = json.loads(aya(one, "generations", "--json").stdout)["generations"]
    assert [entry["generation"] for entry in told] == [1, 2, 3]
    assert [entry["running"] for entry in told] == [False, False, True]
    assert [entry["origin"] for entry in told] == ["start", "reload", "reload"]
    done = aya(one, "rollback", "1", "--dry-run")
    assert done.returncode == 0 and "could be applied: ~1 route" in done.stdout, done
    assert ask(one.port).body == b"three"
    done = aya(one, "rollback", "1")
    assert done.returncode == 0 and done.stdout.startswith("generation 4 applied in "), done
    assert ask(one.port).body == b"one"
    done = aya(one, "diff")
    assert "route all" in done.stdout and "one -> three" in done.stdout, done.stdout
    assert aya(one, "diff", "1", "4").stdout == "no changes\n"
    done = aya(one, "rollback")
    assert done.returncode == 0 and ask(one.port).body == b"three"
    done = aya(one, "rollback", "77")
    assert done.returncode == 1 and "generation 77 is not remembered" in done.stderr


def test_twenty_are_kept_over_a_restart(start, port, state, upstream):
    server = upstream()
    one = Site(start, port, server, state=state)
    for number in range(24):
        one.reload(server, routes=answer(f"{number}"))
    assert one.aya.stop() == 0
    one.aya.may_have_ended = True
    # The generations before write their log elsewhere.
    again = Site(start, port, server, state=state, routes=answer("again"), process={"landlock": "off"})
    told = json.loads(aya(again, "generations", "--json").stdout)["generations"]
    assert [entry["generation"] for entry in told] == list(range(7, 27))
    assert len(os.listdir(os.path.join(state, "generations"))) == 20
    assert aya(again, "rollback", "10").returncode == 0
    assert ask(one.port).body == b"8"


@pytest.mark.parametrize("moment", range(4))
def test_killed_at_any_moment(tmp_path, port, state, upstream, moment):
    """Whatever was under way, every generation that is there can be read, and run."""
    server = upstream()
    admin, listening = port(), port()

    def text(number):
        return {"listeners": {"web": {"bind": f"127.0.0.1:{listening}"}}, "state": state,
                "routes": answer(f"{number}"), "pools": {"main": {"servers": [server.address]}},
                "admin": {"bind": f"127.0.0.1:{admin}"}}

    directory = tmp_path / "aya"
    directory.mkdir()
    one = Aya(directory, text(0))
    one.admin = admin
    one.wait_ready()
    for number in range(1, 6 + moment):
        one.write(text(number))
        one.process.send_signal(signal.SIGHUP)
        if number < 5:
            wait_until(lambda: ask(listening).body == f"{number}".encode(), what="the reload")
    one.process.kill()
    one.process.wait()
    files = sorted(name for name in os.listdir(f"{state}/generations") if not name.startswith("."))
    assert len(files) >= 4, "all but the latest are sure to be on the disk when it answers"
    for name in files:
        assert run("validate", f"{state}/generations/{name}").returncode == 0


def test_weight_through_the_api(site, process):
    a, b = process("a"), process("b")
    one = site(a, b)
    response = api(one, "PATCH", server_path(a), {"weight": 0})
    assert response.status == 200 and response.json()["summary"] == "~1 server", response.body
    assert {ask(one.port).body for _ in range(8)} == {b"b"}
    assert f"server main/{a.address}" in aya(one, "diff").stdout
    # It stays through a reload, until it is taken back.
    one.reload(a, b, pool={"timeouts": {"response": "9s"}})
    assert {ask(one.port).body for _ in range(8)} == {b"b"}
    assert api(one, "DELETE", "/v1/changes").status == 200
    assert {ask(one.port).body for _ in range(8)} == {b"a", b"b"}
    assert aya(one, "diff").stdout == "no changes\n"


def test_servers_come_and_go_through_the_api(site, process):
    a, b = process("a"), process("b")
    one = site(a)
    with Client(one.port) as kept:
        assert api(one, "POST", "/v1/pools/main/servers", {"address": b.address, "weight": 2}).status == 200
        assert {kept.get().body for _ in range(12)} == {b"a", b"b"}
        assert api(one, "POST", "/v1/pools/main/servers", {"address": b.address}).status == 409
        assert api(one, "DELETE", server_path(a)).status == 200
        assert {kept.get().body for _ in range(8)} == {b"b"}
        refused = api(one, "DELETE", server_path(b))
        assert refused.status == 422 and "no servers" in refused.json()["problems"][0]
        assert kept.get().body == b"b"


def test_drain_through_the_api(site, process):
    a, b = process("a"), process("b")
    one = site(a, b)
    assert api(one, "PATCH", server_path(a), {"drain": "5m"}).status == 200
    assert one.aya.server(a.address)["state"] == "draining"
    assert {ask(one.port).body for _ in range(8)} == {b"b"}
    assert api(one, "PATCH", server_path(a), {"drain": False}).status == 200
    assert {ask(one.port).body for _ in range(8)} == {b"a", b"b"}


def test_route_switched_off(site, upstream):
    one = site(upstream(), routes={
        "all": {"pool": "main"}, "x": {"path": "/x", "respond": {"status": 299}}})
    assert ask(one.port, target="/x").status == 299
    assert api(one, "PATCH", "/v1/routes/x", {"enabled": False}).json()["summary"] == "-1 route"
    assert ask(one.port, target="/x").status == 200
    assert api(one, "PATCH", "/v1/routes/x", {"enabled": True}).status == 200
    assert ask(one.port, target="/x").status == 299


@pytest.mark.parametrize("method, path, body, status", [
    ("PATCH", "/v1/pools/main/servers/127.0.0.1:1", {"weight": 1}, 404),
    ("PATCH", "/v1/pools/none/servers/127.0.0.1:1", {"drain": True}, 404),
    ("PATCH", "/v1/pools/main/servers/127.0.0.1:1", {"weight": "much"}, 400),
    ("PATCH", "/v1/pools/main/servers/127.0.0.1:1", ["weight"], 400),
    ("PUT", "/v1/pools/main/servers/127.0.0.1:1", {"weight": 1}, 405),
    ("POST", "/v1/pools/main/servers", {"address": "nowhere"}, 422),
    ("POST", "/v1/pools/main/servers", {"adress": "127.0.0.1:1"}, 422),
    ("POST", "/v1/pools/none/servers", {"address": "127.0.0.1:1"}, 404),
    ("PATCH", "/v1/routes/none", {"enabled": False}, 404),
    ("PATCH", "/v1/routes/none", {}, 400),
    ("GET", "/v1/generations/9", None, 404),
    ("GET", "/v1/generations/x", None, 404),
    ("GET", "/v1/diff?from=yesterday", None, 400),
    ("GET", "/v1/diff?=&&from", None, 400),
    ("GET", "/v1/reload", None, 405),
    ("POST", "/v1/nothing", {}, 404),
    ("POST", "/v1/%2", {}, 404),
])
def test_what_the_api_refuses(site, upstream, method, path, body, status):
    one = site(upstream())
    response = api(one, method, path, body)
    assert response.status == status, response.body
    assert response.problem["blame"] == "client"
    assert one.aya.status()["generation"] == 1


def test_if_match_and_dry_run(site, process):
    a, b = process("a"), process("b")
    one = site(a, b)
    tag = api(one, "GET", "/v1/config").get("etag")
    assert tag == '"1"'
    tried = api(one, "PATCH", server_path(a) + "?dry_run", {"weight": 7}).json()
    assert "could be applied" in tried["description"] and any("weight: 1 -> 7" in line for line in tried["changes"])
    assert one.aya.server(a.address)["weight"] == 1
    assert api(one, "PATCH", server_path(a), {"weight": 7}, [("If-Match", tag)]).status == 200
    late = api(one, "PATCH", server_path(a), {"weight": 8}, [("If-Match", tag)])
    assert late.status == 412 and late.problem["code"] == "outdated"
    assert one.aya.server(a.address)["weight"] == 7


def test_audit(site, process):
    a, b = process("a"), process("b")
    one = site(a, b)
    api(one, "PATCH", server_path(a), {"weight": 7}, [("User-Agent", "somebody")])
    api(one, "PATCH", server_path("127.0.0.1:1"), {"weight": 7})
    first, second = api(one, "GET", "/v1/audit").json()["changes"]
    assert first["agent"] == "somebody" and first["client"].startswith("127.0.0.1:")
    assert first["action"] == f"weight 7 for main/{a.address}"
    assert (first["generation_before"], first["generation_after"]) == (1, 2)
    assert any("weight: 1 -> 7" in line for line in first["changes"]) and first["problems"] == []
    assert second["problems"] and second["generation_after"] == 2


def test_secrets_are_not_told(site, upstream):
    secret = "0123456789abcdef-secret"
    one = site(upstream(), pool={"persistence": {"cookie": {"name": "x", "secret": secret}}})
    assert secret.encode() not in api(one, "GET", "/v1/config").body
    assert secret.encode() not in api(one, "GET", "/v1/generations/1").body


def test_other_sites_are_refused(site, upstream):
    one = site(upstream())
    for headers in ([("Origin", "https://evil.example")], [("Sec-Fetch-Site", "cross-site")]):
        assert api(one, "POST", "/v1/reload", {}, headers).status == 403
    assert ask(one.admin, "POST", "/v1/reload", host="evil.example").status == 403


def test_resume(start, port, state, process):
    a, b = process("a"), process("b")
    one = Site(start, port, a, state=state)
    assert api(one, "POST", "/v1/pools/main/servers", {"address": b.address}).status == 200
    assert one.aya.stop() == 0
    one.aya.may_have_ended = True
    again = start(one.text(a, state=state), arguments=["--resume"])
    one.aya, again.admin = again, one.admin
    again.wait_ready()
    assert {ask(one.port).body for _ in range(8)} == {b"a", b"b"}
    assert again.status()["generation"] == 2
    assert f"- server main/{b.address}" in aya(one, "diff").stdout
    assert one.reload(a, state=state)["summary"].startswith("-1 server")
    assert {ask(one.port).body for _ in range(8)} == {b"a"}


def test_a_state_directory_that_takes_nothing(site, tmp_path, upstream):
    """Traffic and reloads go on, what ran is known for as long as the process lives, and the fault is told."""
    state = tmp_path / "broken"
    state.mkdir()
    (state / "generations").write_text("this is no directory")
    server = upstream()
    one = site(server, state=str(state))
    one.reload(server, routes=answer("two"))
    assert "generations are not kept" in one.aya.stderr
    known = json.loads(aya(one, "generations", "--json").stdout)["generations"]
    assert [entry["generation"] for entry in known] == [1, 2]
    assert aya(one, "rollback").returncode == 0
