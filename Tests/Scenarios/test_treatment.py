"""What a route does besides forwarding: copies for a mirror pool, and faults on purpose."""

import time
from collections import Counter

from support.aya import wait_until
from support.client import ask
from support.upstream import answering, echo, stalling


def start_mirrored(start, port, primary, mirror, share="100%", **pool):
    listening = port()
    aya = start({
        "listeners": {"web": {"bind": f"127.0.0.1:{listening}"}},
        "routes": {"all": {"pool": "main", "mirror": {"pool": "shadow", "share": share}}},
        "pools": {"main": {"servers": [primary.address]}, "shadow": {"servers": [mirror.address], **pool}},
    })
    aya.port = listening
    return aya


def test_mirror_gets_a_copy(start, port, upstream):
    primary, mirror = upstream(echo, name="primary"), upstream(echo, name="mirror")
    aya = start_mirrored(start, port, primary, mirror)
    for number in range(3):
        response = ask(aya.port, "POST", f"/{number}", body=b"hello", headers={"X-Tenant": "a"})
        assert response.json()["server"] == "primary"
    wait_until(lambda: len(mirror.requests) == 3, what="three copies")
    assert [r.body for r in mirror.requests] == [b"hello"] * 3
    assert sorted(r.target for r in mirror.requests) == ["/0", "/1", "/2"]
    assert aya.metric("aya_route_mirrored_total", route="all") == 3
    wait_until(lambda: aya.metric("aya_route_mirror_duration_seconds_count", route="all") == 3, what="their times")
    assert aya.metric("aya_route_mirror_differed_total", route="all") == 0


def test_mirror_that_answers_differently_is_counted(start, port, upstream):
    aya = start_mirrored(start, port, upstream(echo), upstream(answering(500)))
    assert [ask(aya.port).status for _ in range(4)] == [200] * 4
    wait_until(lambda: aya.metric("aya_route_mirror_differed_total", route="all") == 4, what="four differences")


def test_mirror_that_stalls_or_is_gone_harms_nobody(start, port, upstream):
    primary, mirror = upstream(echo), upstream(stalling)
    aya = start_mirrored(start, port, primary, mirror, timeouts={"response": "500ms"})
    begun = time.monotonic()
    assert [ask(aya.port).status for _ in range(5)] == [200] * 5
    assert time.monotonic() - begun < 0.5
    mirror.stop()
    assert [ask(aya.port).status for _ in range(5)] == [200] * 5
    wait_until(lambda: aya.metric("aya_route_mirror_differed_total", route="all") >= 9, what="no answers")


def test_mirror_share(start, port, upstream):
    primary, mirror = upstream(echo), upstream(echo)
    aya = start_mirrored(start, port, primary, mirror, share="25%")
    for _ in range(200):
        ask(aya.port)
    copies = aya.metric("aya_route_mirrored_total", route="all")
    assert 25 <= copies <= 80, "a quarter by chance"


def test_body_in_pieces_is_not_copied(start, port, upstream, client):
    primary, mirror = upstream(echo), upstream(echo)
    aya = start_mirrored(start, port, primary, mirror)
    one = client(aya)
    one.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345")
    time.sleep(0.1)
    one.send(b"67890")
    assert one.response().status == 200
    assert aya.metric("aya_route_mirror_skipped_total", route="all") == 1
    assert not mirror.requests


def faulty(start, port, server, faults):
    listening = port()
    aya = start({
        "listeners": {"web": {"bind": f"127.0.0.1:{listening}"}},
        "routes": {"all": {"pool": "main", "faults": faults}},
        "pools": {"main": {"servers": [server.address]}},
    })
    aya.port = listening
    return aya


def test_fault_delays(start, port, upstream):
    aya = faulty(start, port, upstream(echo), {"delay": "300ms"})
    begun = time.monotonic()
    assert ask(aya.port).status == 200
    assert 0.28 < time.monotonic() - begun < 2


def test_fault_aborts_a_share(start, port, upstream):
    server = upstream(echo)
    aya = faulty(start, port, server, {"abort": 418, "abort_share": "50%"})
    statuses = Counter(ask(aya.port).status for _ in range(100))
    assert set(statuses) == {200, 418} and 25 <= statuses[418] <= 75
    assert len(server.requests) == statuses[200]
    refused = next(r for r in aya.records(100) if r["http.response.status_code"] == 418)
    assert refused["aya.reason"] == "fault_injected" and refused["aya.blame"] == "operator"
