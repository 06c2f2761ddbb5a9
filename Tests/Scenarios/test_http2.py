"""HTTP/2 from clients: translation, streaming, flow control, priorities, drain."""

import hashlib
import json
import shutil
import signal
import subprocess
import time

import pytest
from support.client import pattern
from support.http2 import Client2, Raw, frame
from support.upstream import answering, stalling


@pytest.fixture
def client2():
    opened = []

    def connect(aya, **settings):
        one = Client2(aya.port, **settings)
        opened.append(one)
        return one

    yield connect
    for one in opened:
        one.close()


def test_request_and_response(proxy, upstream, client2):
    aya = proxy(upstream())
    one = client2(aya)
    for _ in range(3):
        response = one.ask(path="/a?b=c", headers=[("accept", "*/*"), ("x-y", "z")])
        assert response.status == 200
        seen = json.loads(response.body)
        assert (seen["method"], seen["target"], seen["version"]) == ("GET", "/a?b=c", "HTTP/1.1")
        headers = {name.lower(): value for name, value in seen["headers"]}
        assert headers["host"] == "a.example"
        assert headers["x-y"] == "z"
        assert headers["via"] == "2.0 aya"
        assert "transfer-encoding" not in headers and "upgrade" not in headers
    record = aya.record(url__path="/a")
    assert record["http.response.status_code"] == 200
    assert record["network.protocol.version"] == "2"


def test_many_streams_at_once(proxy, upstream, client2):
    aya = proxy(upstream())
    one = client2(aya)
    streams = [one.request(path=f"/{index}") for index in range(100)]
    for index, stream in enumerate(streams):
        assert json.loads(one.response(stream).body)["target"] == f"/{index}"


def test_bytes_are_counted_once(proxy, upstream, client2):
    aya = proxy(upstream(answering(body=b"x" * 100_000)))
    one = client2(aya)
    one.ask("POST", body=b"y" * 50_000, headers=[("content-length", "50000")])
    counts = next(one for one in aya.status()["listeners"] if one["name"] == "web")
    assert 100_000 < counts["bytes_sent"] < 103_000
    assert 50_000 < counts["bytes_received"] < 53_000


def test_cookie_crumbs_are_joined(proxy, upstream, client2):
    one = client2(proxy(upstream()))
    response = one.ask(headers=[("cookie", "a=1"), ("cookie", "b=2"), ("x", "y"), ("cookie", "c=3")])
    headers = json.loads(response.body)["headers"]
    assert [value for name, value in headers if name.lower() == "cookie"] == ["a=1; b=2; c=3"]


@pytest.mark.parametrize("length", [True, False], ids=["length", "chunked"])
@pytest.mark.parametrize("size", [1, 5000, 3_000_000])
def test_upload(proxy, upstream, client2, size, length):
    body = pattern(size)
    one = client2(proxy(upstream()))
    headers = [("content-length", str(size))] if length else []
    response = one.ask("POST", "/up", body=body, headers=headers)
    assert json.loads(response.body)["digest"] == hashlib.sha256(body).hexdigest()
    assert one.ask(path="/next").status == 200


@pytest.mark.parametrize("size", [0, 1, 100_000, 5_000_000])
def test_download(proxy, upstream, client2, size):
    body = pattern(size)
    one = client2(proxy(upstream(answering(body=body))))
    response = one.ask()
    assert response.body == body
    assert response.header("content-length") == str(size)


def test_trailers_both_ways(proxy, upstream, client2):
    def behave(exchange):
        exchange.read_body()
        echoed = dict(exchange.request.trailers)["x-sum"]
        exchange.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: %s\r\n\r\n"
                      % echoed.encode())

    one = client2(proxy(upstream(behave)))
    response = one.ask("POST", body=b"hello", trailers=[("x-sum", "5")], headers=[("te", "trailers")])
    assert response.body == b"abc"
    assert ("x-sum", "5") in response.trailers


def test_interim_responses(proxy, upstream, client2):
    def behave(exchange):
        exchange.send(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
        exchange.respond(body=b"x")

    one = client2(proxy(upstream(behave)))
    response = one.ask()
    assert dict(response.interim[0])["link"] == "</a>"
    assert response.body == b"x"


def test_head_204_304(proxy, upstream, client2):
    one = client2(proxy(upstream(answering(headers={"Content-Length": "1000"}))))
    response = one.ask("HEAD")
    assert (response.status, response.header("content-length"), response.body) == (200, "1000", b"")
    other = client2(proxy(upstream(answering(status=204))))
    assert other.ask().status == 204
    assert other.ask().status == 204


def test_slow_streams_do_not_hold_up_others(proxy, upstream, client2):
    aya = proxy(upstream(stalling), upstream())
    one = client2(aya)
    slow = one.request()
    assert one.ask().status == 200
    one.h2.reset_stream(slow, 8)
    one.flush()
    aya.record(aya__reason="client_gone")


def test_zero_window_stops_one_stream_alone(proxy, upstream, client2):
    body = pattern(2_000_000)
    aya = proxy(upstream(answering(body=body)))
    one = client2(aya)
    one.consume = False
    stuck = one.request()
    one.read_until(lambda: one.h2.remote_flow_control_window(stuck) == 0)
    assert len(one.responses[stuck].body) == 65535
    one.h2.increment_flow_control_window(2_000_000)
    one.flush()
    one.consume = True
    assert one.ask().body == body
    one.h2.increment_flow_control_window(2_000_000, stuck)
    one.flush()
    assert one.response(stuck).body == body


def test_early_answer_ends_the_upload(proxy, client2, upstream):
    def refuse(exchange):
        exchange.respond(status=413, headers={"Connection": "close"})
        exchange.close()

    one = client2(proxy(upstream(refuse)))
    stream = one.request("POST", body=b"x" * 100, end=False)
    response = one.response(stream)
    assert response.status == 413
    assert client2(proxy(upstream())).ask().status == 200


def test_problem_documents(proxy, client2):
    from support.ports import reserve_port
    one = client2(proxy(f"127.0.0.1:{reserve_port()}"))
    response = one.ask()
    assert response.status == 502
    assert json.loads(response.body)["code"] == "connect_refused"


def test_cut_response_is_reset(proxy, upstream, client2):
    def cut(exchange):
        exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc")
        time.sleep(0.1)
        exchange.close()

    one = client2(proxy(upstream(cut), upstream()))
    response = one.ask()
    assert response.reset is not None and not response.ended
    assert one.ask().status == 200


def test_large_head(proxy, upstream, client2):
    one = client2(proxy(upstream()))
    big = [(f"x-{index}", "v" * 700) for index in range(40)]
    response = one.ask(headers=big)
    assert len(json.loads(response.body)["headers"]) > 40
    response = one.ask(headers=[(f"x-{index}", "v" * 700) for index in range(90)])
    assert response.status == 431
    assert one.ask().status == 200


def test_malformed_requests_are_reset(proxy, upstream, client2):
    aya = proxy(upstream())
    one = client2(aya)
    for headers in [[("X", "y")], [("connection", "close")], [("te", "gzip")], [("a", "b\r\nc: d")],
                    [("transfer-encoding", "chunked")], [("host", "other.example")]]:
        stream = one.request(headers=headers)
        assert one.response(stream).reset == 1
    assert one.ask().status == 200


def test_urgent_streams_come_first(proxy, upstream, client2):
    body = pattern(3_000_000)
    aya = proxy(upstream(answering(body=body)))
    one = client2(aya)
    one.consume = False
    one.h2.increment_flow_control_window(0x7FFFFFFF - 65535 - 1)
    late = one.request(headers=[("priority", "u=6")])
    time.sleep(0.3)
    early = one.request(headers=[("priority", "u=0")])
    time.sleep(0.3)
    one.h2.increment_flow_control_window(4_000_000, late)
    one.h2.increment_flow_control_window(4_000_000, early)
    one.flush()
    first, second = one.responses[early], one.responses[late]
    one.read_until(lambda: first.ended)
    assert not second.ended


def test_drain_lets_streams_finish(proxy, upstream):
    def slow(exchange):
        time.sleep(0.5)
        exchange.respond(body=b"done")

    aya = proxy(upstream(slow), drain={"grace": "5s"})
    one = Raw(aya.port)
    one.send(frame(1, 5, 1, bytes.fromhex("828684410161")))
    time.sleep(0.2)
    aya.may_have_ended = True
    aya.process.send_signal(signal.SIGTERM)
    seen = []
    while (found := one.next()) is not None:
        seen.append(found)
    lasts = [int.from_bytes(payload[:4], "big") for kind, _, _, payload in seen if kind == 7]
    assert lasts == [0x7FFFFFFF, 1]
    assert b"".join(payload for kind, _, _, payload in seen if kind == 0) == b"done"
    one.close()


def test_idle_connection_is_told_to_go(proxy, upstream, client2):
    one = client2(proxy(upstream(), listener={"timeouts": {"idle": "300ms"}}))
    assert one.ask().status == 200
    one.read_until(lambda: one.closed)
    assert one.goaway[0] == 0


def test_silent_beginners_are_told_to_go(proxy, upstream):
    aya = proxy(upstream(), listener={"timeouts": {"header": "300ms"}})
    one = Raw(aya.port, greeting=False)
    one.send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
    assert one.code() == 0
    one.close()


def test_upgrade_to_h2c_is_not_taken(proxy, upstream, client):
    one = client(proxy(upstream()))
    response = one.get("/", headers=[("Connection", "Upgrade, HTTP2-Settings"), ("Upgrade", "h2c"),
                                     ("HTTP2-Settings", "AAMAAABkAAQAAP__")])
    assert response.status == 200


def test_trailing_preface_in_pieces(proxy, upstream):
    aya = proxy(upstream())
    one = Raw(aya.port, greeting=False)
    for byte in b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4):
        one.send(bytes([byte]))
        time.sleep(0.002)
    assert one.next()[0] == 4
    one.close()


@pytest.mark.skipif(not shutil.which("h2load"), reason="nghttp2-client is not installed")
def test_h2load(proxy, upstream):
    aya = proxy(upstream(answering(body=b"x" * 1024)))
    out = subprocess.run(["h2load", "-n", "2000", "-c", "8", "-m", "32", f"http://127.0.0.1:{aya.port}/"],
                         capture_output=True, text=True, timeout=50).stdout
    assert "2000 succeeded, 0 failed" in out
