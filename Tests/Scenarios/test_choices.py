"""Which of a pool's servers may have a request: by key, label, zone, priority, backup, and by what servers report."""

from collections import Counter

import pytest
from support.aya import wait_until
from support.client import ask
from support.upstream import answering


def named(exchange):
    exchange.read_body()
    exchange.respond(body=exchange.upstream.name.encode())


@pytest.fixture
def trio(upstream):
    return [upstream(named, name=name) for name in "abc"]


@pytest.mark.parametrize("balance", ["consistent_hash", "maglev"])
@pytest.mark.parametrize("source, request_for", [
    ({"header": "x-tenant"}, lambda key: dict(headers={"X-Tenant": key})),
    ({"cookie": "session"}, lambda key: dict(headers={"Cookie": f"other=1; session={key}"})),
    ({"query": "user"}, lambda key: dict(target=f"/?a=b&user={key}")),
    ("path", lambda key: dict(target=f"/items/{key}")),
], ids=["header", "cookie", "query", "path"])
def test_hash_key(proxy, trio, balance, source, request_for):
    aya = proxy(*trio, pool={"balance": balance, "hash": source})
    homes = {}
    for _ in range(3):
        for number in range(30):
            body = ask(aya.port, **request_for(f"key{number}")).body
            assert homes.setdefault(number, body) == body, "the same key, the same server"
    assert len(set(homes.values())) == 3, "different keys spread"


def test_same_key_same_server_in_every_aya(proxy, trio):
    one, other = (proxy(*servers, pool={"balance": "maglev", "hash": {"header": "x-tenant"}})
                  for servers in (trio, trio[::-1]))
    for number in range(20):
        headers = {"X-Tenant": f"t{number}"}
        assert ask(one.port, headers=headers).body == ask(other.port, headers=headers).body


def test_source_ip_hash(proxy, trio):
    aya = proxy(*trio, listener={"trusted_proxies": ["127.0.0.0/8"]}, pool={"balance": "source_ip_hash"})
    homes = {}
    for _ in range(2):
        for number in range(40):
            body = ask(aya.port, headers={"X-Forwarded-For": f"10.0.0.{number}"}).body
            assert homes.setdefault(number, body) == body
    assert len(set(homes.values())) == 3


def test_subset_by_label(start, port, trio):
    listening = port()
    aya = start({
        "listeners": {"web": {"bind": f"127.0.0.1:{listening}"}},
        "routes": {
            "new": {"headers": {"x-beta": "1"}, "pool": "main", "subset": {"version": "v2"}},
            "all": {"pool": "main"},
        },
        "pools": {"main": {"balance": "round_robin", "servers": [
            {"address": trio[0].address, "labels": {"version": "v1"}},
            {"address": trio[1].address, "labels": {"version": "v2", "tier": "x"}},
            {"address": trio[2].address, "labels": {"version": "v2"}},
        ]}},
    })
    aya.port = listening
    assert Counter(ask(aya.port, headers={"X-Beta": "1"}).body for _ in range(20)) == {b"b": 10, b"c": 10}
    assert set(ask(aya.port).body for _ in range(12)) == {b"a", b"b", b"c"}


def test_backup_serves_when_nobody_else_does(proxy, trio):
    a, b, spare = trio
    aya = proxy(a, b, {"address": spare.address, "backup": True},
                pool={"balance": "round_robin", "retry": {"attempts": 3},
                      "health": {"tcp": {}, "interval": "100ms", "timeout": "100ms", "rise": 1, "fall": 1}})
    assert {ask(aya.port).body for _ in range(10)} == {b"a", b"b"}
    a.stop()
    b.stop()
    wait_until(lambda: ask(aya.port).body == b"c", what="the backup")
    assert {ask(aya.port).status for _ in range(10)} == {200}


def test_priority_groups(proxy, trio):
    first, second, third = trio
    aya = proxy({"address": first.address, "priority": 0}, {"address": second.address, "priority": 1},
                {"address": third.address, "priority": 2},
                pool={"retry": {"attempts": 3},
                      "health": {"tcp": {}, "interval": "100ms", "timeout": "100ms", "rise": 1, "fall": 1}})
    assert {ask(aya.port).body for _ in range(10)} == {b"a"}
    first.stop()
    wait_until(lambda: {ask(aya.port).body for _ in range(5)} == {b"b"}, what="the second group")


def test_own_zone_first(proxy, trio):
    here, there, nowhere = trio
    aya = proxy({"address": here.address, "zone": "eu-1"}, {"address": there.address, "zone": "eu-2"},
                zone="eu-1",
                pool={"balance": "round_robin", "retry": {"attempts": 3},
                      "health": {"tcp": {}, "interval": "100ms", "timeout": "100ms", "rise": 1, "fall": 1}})
    assert {ask(aya.port).body for _ in range(10)} == {b"a"}
    here.stop()
    wait_until(lambda: {ask(aya.port).body for _ in range(5)} == {b"b"}, what="the other zone")


def test_servers_that_report_their_load(proxy, upstream):
    def reporting(cpu):
        return answering(headers={"endpoint-load-metrics": f"TEXT cpu_utilization={cpu}"}, body=str(cpu).encode())

    busy, idle = upstream(reporting(0.95)), upstream(reporting(0.05))
    aya = proxy(busy, idle, pool={"balance": "resource"})
    answers = Counter(ask(aya.port).body for _ in range(60))
    assert answers[b"0.05"] > 3 * answers[b"0.95"], answers
