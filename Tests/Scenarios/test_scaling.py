"""From a forecast to servers: every way that Aya has to ask for them, against the real service or a stand-in that checks
what is documented of it."""

import base64
import hashlib
import hmac
import json
import time

import pytest
from support.aya import wait_until
from support.certificates import Authority
from support.client import ask
from support.clouds import AWS, Azure, Kubernetes, Metadata
from support.past import imported, knee, minutes

SECRET = "a secret that nobody is told"


@pytest.fixture
def stand_in():
    """Keeps a service until the end of the test."""
    started = []

    def keep(service):
        started.append(service)
        return service

    yield keep
    for service in started:
        service.stop()
    problems = [problem for service in started for problem in getattr(service, "problems", [])]
    assert not problems, problems


def write_past(tmp_path, state, pools, address):
    """A past in which a server of each pool was slow beyond 15 requests a minute, and the pools now get 1,200."""
    for pool in pools:
        imported(tmp_path, state, f"servers/{pool}/{address}", knee(700), "combined")
        imported(tmp_path, state, f"pools/{pool}", "".join(f"{at},20\n" for at in minutes(300)), "csv")


def capacity(actuator, lead_time="20m", **more):
    return {"brain": {"capacity": {"min": 1, "max": 9, "lead_time": lead_time, "actuator": actuator, **more}}}


def get(admin, path):
    answer = ask(admin, target=path, host="localhost", timeout=20)
    assert answer.status == 200, answer.body
    return answer.body.decode()


@pytest.mark.timeout(300)
def test_every_way_to_ask_for_servers(start, port, upstream, collector, stand_in, state, tmp_path):
    server = upstream()
    token = tmp_path / "token"
    token.write_text("token-of-kubernetes\n")
    secret = tmp_path / "secret"
    secret.write_text(SECRET + "\n")
    authority = Authority(tmp_path)
    hooks = collector(answers=[(503, b"later")], default=(200, b'{"servers": 3}'))
    aws = stand_in(AWS(str(tmp_path)))
    machine = stand_in(Metadata(aws.role, "token-of-azure"))
    kubernetes = stand_in(Kubernetes(str(token), certificate=authority.issue("api", "IP:127.0.0.1")))
    azure = stand_in(Azure("token-of-azure"))

    def group(name, **more):
        return {"aws_auto_scaling": {"group": name, "region": AWS.REGION, "endpoint": aws.url, **more}}

    told = tmp_path / "told"
    hook = tmp_path / "scale"
    hook.write_text(f'#!/bin/sh\necho "$AYA_POOL $AYA_PRESENT $AYA_SERVERS $AYA_WISH" >> {told}\n')
    hook.chmod(0o755)
    pools = {
        "command": capacity({"command": [str(hook)]}),
        "webhook": capacity({"webhook": {"url": hooks.url + "/scale", "token": "file:" + str(secret),
                                         "secret": "file:" + str(secret)}}),
        "role": capacity(group("web", metadata=machine.url)),
        "full": capacity(group("full", access_key=aws.key[0], secret=aws.key[1])),
        "forged": capacity(group("web", access_key=aws.key[0], secret="none of its secrets"), lead_time="1m"),
        "kubernetes": capacity({"kubernetes": {"server": kubernetes.url, "namespace": "shop", "name": "web",
                                               "token": f"file:{token}", "verify": authority.certificate}}),
        "azure": capacity({"azure_vmss": {"subscription": "1234-5678", "resource_group": "shop", "name": "web",
                                          "endpoint": azure.url, "metadata": machine.url}}),
        "trial": capacity({"webhook": {"url": hooks.url + "/trial"}}, dry_run=True),
        "advised": {"brain": {"capacity": {"min": 1, "max": 9, "lead_time": "20m"}}},
    }
    write_past(tmp_path, state, pools, server.address)
    listening = port()
    aya = start({
        "listeners": {"web": {"bind": f"127.0.0.1:{listening}"}},
        "routes": {"all": {"pool": "command"}},
        "pools": {name: {"servers": [server.address], **pool} for name, pool in pools.items()},
        "state": state,
    })

    def outcome(pool):
        advice = json.loads(get(aya.admin, "/v1/brain/advice"))["advice"]
        return next((a["outcome"] for a in advice if a["subject"] == f"pools/{pool}" and a["kind"] == "capacity"), None)

    def wait_for(pool, text):
        return wait_until(lambda: (said := outcome(pool)) and text in said and said, 150,
                          f"'{text}' of {pool}, which says {outcome(pool)!r},")

    # A program.
    assert wait_for("command", "by command") == "2 asked for by command"
    pool, present, wanted, wish = told.read_text().splitlines()[0].split(" ", 3)
    assert (pool, present, wanted) == ("command", "1", "2")
    # No more than twice as many at a time, although more are needed.
    forecast = json.loads(wish)["forecast"]
    assert forecast["requests_per_second"] > forecast["requests_per_server"] > 0

    # A webhook, which fails at first; it says itself how many there will be.
    assert wait_for("webhook", "by webhook") == "3 asked for by webhook"
    first, second = [request for request in hooks.requests if request[0] == "/scale"][:2]
    assert first[1]["webhook-id"] == second[1]["webhook-id"] and first[2] == second[2]
    for _, headers, body in (first, second):
        assert headers["Authorization"] == "Bearer " + SECRET
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        digest = base64.b64encode(hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()).decode()
        assert headers["webhook-signature"] == "v1," + digest
        assert abs(int(headers["webhook-timestamp"]) - time.time()) < 300
    wish = json.loads(second[2])
    assert (wish["pool"], wish["servers"], wish["present"]) == ("webhook", 2, 1) and "one server carries" in wish["reason"]

    # Auto Scaling, as the role of a machine and with a key; the latter's group may have no more than one.
    assert wait_for("role", "by aws") == "2 asked for in place of 1 by aws_auto_scaling"
    assert aws.desired("web") == 2
    assert wait_for("full", "nothing") == "nothing to do: 1 are asked for by aws_auto_scaling"
    # Kubernetes, as a service account.
    assert wait_for("kubernetes", "by kubernetes") == "2 asked for in place of 1 by kubernetes"
    assert kubernetes.replicas == 2 and len(kubernetes.asked("PATCH")) == 1
    # Azure, as the identity of a machine.
    assert wait_for("azure", "by azure") == "2 asked for in place of 1 by azure_vmss"
    assert azure.capacity == 2 and len(azure.asked("PATCH")) == 1
    # Only told.
    assert wait_for("trial", "dry run") == "dry run: 2 would be asked for by webhook"
    assert not [request for request in hooks.requests if request[0] == "/trial"]
    assert wait_for("advised", "told") == "told"
    # A key that is not believed: tried again, then given up.
    wait_for("forged", "failed")
    assert aya.metric("aya_pool_scaling_failures_total", pool="forged") >= 2

    # Metrics, for autoscalers that read them.
    for pool in pools:
        assert aya.metric("aya_pool_wanted_servers", pool=pool) >= 2
    assert aya.metric("aya_pool_scaling_changes_total", pool="webhook") == 1
    assert aya.metric("aya_pool_scaling_failures_total", pool="webhook") == 1

    # The audit log has each change with its forecast, and those that failed.
    entries = [e for e in json.loads(get(aya.admin, "/v1/audit"))["changes"] if e["identity"] == "brain"]
    by_pool = {entry["action"].split("pools/")[1].rstrip(")"): entry for entry in entries}
    assert set(by_pool) == {"command", "webhook", "role", "forged", "kubernetes", "azure"}
    assert by_pool["role"]["action"] == "scale to 2 servers (pools/role)"
    assert by_pool["role"]["changes"] == ["servers of role: 1 -> 2 wanted",
                                          "2 asked for in place of 1 by aws_auto_scaling"]
    assert by_pool["role"]["reason"].startswith("up to ") and "one server carries" in by_pool["role"]["reason"]
    assert by_pool["forged"]["problems"] and not by_pool["forged"]["changes"]

    # Secrets are told nobody.
    everything = aya.stderr + get(aya.admin, "/v1/config") + json.dumps(entries) + get(aya.admin, "/v1/brain")
    for text in (SECRET, aws.key[1], aws.role[1], aws.role[2], "none of its secrets", "token-of-kubernetes", "token-of-azure", "session-of"):
        assert text not in everything


@pytest.mark.timeout(240)
def test_connections_before_a_rise(site, upstream, state, tmp_path):
    server = upstream()
    imported(tmp_path, state, "pools/main", "".join(f"{at},{20 + at // 60 % 3}\n" for at in minutes(600)), "csv")
    start = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 180))
    one = site(server, state=state, workers=1, events=[{"name": "campaign", "at": start, "for": "2h", "lift": "5x"}],
               pool={"slow_start": "off", "brain": {"capacity": {"min": 1, "max": 2, "connections_ahead": 5}}})
    wait_until(lambda: "load will rise" in one.aya.stderr, 150, "the rise")
    wait_until(lambda: one.aya.metric("aya_server_connections_open", pool="main") == 5, 20, "five connections")
    # They are of use.
    before = one.aya.metric("aya_server_connects_total", pool="main")
    assert ask(one.port).status == 200
    assert one.aya.metric("aya_server_connects_total", pool="main") == before
    line = next(line for line in one.aya.stderr.splitlines() if "load will rise" in line)
    assert "main" in line and "requests_per_second" in line


def test_servers_that_join_warm_up(site, upstream):
    old, new = upstream(), upstream()
    one = site(old, workers=1, pool={"slow_start": "5m"})
    one.reload(old, new)
    for _ in range(60):
        assert ask(one.port).status == 200
    # A fresh one begins with a tenth of its share.
    counts = {name: one.aya.metric("aya_server_requests_total", pool="main", server=at.address)
              for name, at in (("old", old), ("new", new))}
    assert counts["old"] > 3 * counts["new"], counts
