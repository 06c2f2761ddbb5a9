"""gRPC through Aya, by grpcio at both ends: all kinds of calls, deadlines, failures, retries, health."""

import base64
import queue
import threading
import time

import pytest
from support import certificates
from support.aya import wait_until
from support.grpcs import CallServer, grpc, method
from support.http2 import Client2

GRPC = {"protocol": "grpc"}


@pytest.fixture
def calls():
    """A function that starts a server of gRPC."""
    started = []

    def start(*arguments, **settings):
        started.append(CallServer(*arguments, **settings))
        return started[-1]

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def channel():
    """A function that gives a channel to Aya."""
    opened = []

    def connect(aya, credentials=None, **options):
        target = f"localhost:{aya.port}"
        settings = [("grpc.enable_retries", 0), ("grpc.use_local_subchannel_pool", 1), *options.items()]
        one = grpc.secure_channel(target, credentials, settings) if credentials else grpc.insecure_channel(
            target, settings)
        opened.append(one)
        return one

    yield connect
    for one in opened:
        one.close()


def echo(request, context):
    return request


def failure(call):
    """The error that a call ends with."""
    with pytest.raises(grpc.RpcError) as caught:
        call()
    return caught.value


def test_unary(proxy, calls, channel):
    seen = []

    def unary(request, context):
        seen.append(dict(context.invocation_metadata()))
        context.set_trailing_metadata([("x-trailer", "t"), ("x-bin", b"\x00\xff")])
        context.send_initial_metadata([("x-head", "h")])
        return request

    aya = proxy(calls(unary), pool=GRPC)
    call = method(channel(aya), "unary_unary")
    for size in (0, 1, 1000, 100_000, 3_000_000):
        body = bytes(size)
        response, details = call.with_call(body, metadata=[("x-mine", "m"), ("x-mine-bin", b"\x01\xfe")], timeout=10)
        assert response == body
        assert ("x-head", "h") in details.initial_metadata()
        assert ("x-trailer", "t") in details.trailing_metadata()
        assert ("x-bin", b"\x00\xff") in details.trailing_metadata()
    assert seen[0]["x-mine"] == "m" and seen[0]["x-mine-bin"] == b"\x01\xfe"
    record = aya.record(url__path="/test.Echo/Unary")
    assert record["rpc.grpc.status_code"] == 0 and record["http.response.status_code"] == 200


def test_metrics_by_method(proxy, calls, channel):
    def unary(request, context):
        if request:
            context.abort(grpc.StatusCode.NOT_FOUND, "no")
        return request

    aya = proxy(calls(unary), pool=GRPC)
    one = channel(aya)
    for _ in range(3):
        method(one, "unary_unary")(b"", timeout=5)
    failure(lambda: method(one, "unary_unary")(b"x", timeout=5))
    # Anybody can make up names: only those that a server answers for are kept.
    for index in range(5):
        failure(lambda: one.unary_unary(f"/made.Up{index}/Call")(b"x", timeout=5))
    assert aya.metric("aya_grpc_calls_total", method="test.Echo/Unary", status="OK") == 3
    assert aya.metric("aya_grpc_calls_total", method="test.Echo/Unary", status="NOT_FOUND") == 1
    assert aya.metric("aya_grpc_calls_total", method="other", status="UNIMPLEMENTED") == 5
    assert aya.metric("aya_grpc_call_duration_seconds_count", method="test.Echo/Unary") == 4


def test_statuses(proxy, calls, channel):
    def unary(request, context):
        context.abort(list(grpc.StatusCode)[request[0]], "why: ü%")

    aya = proxy(calls(unary), pool={**GRPC, "retry": "off", "outliers": "off"})
    call = method(channel(aya), "unary_unary")
    for index, code in enumerate(grpc.StatusCode):
        if code is grpc.StatusCode.OK:
            continue
        error = failure(lambda: call(bytes([index]), timeout=5))
        assert error.code() is code and error.details() == "why: ü%"
        wait_until(lambda: any(r.get("rpc.grpc.status_code") == code.value[0] for r in aya.records()))


def test_streams(proxy, calls, channel):
    def stream_out(request, context):
        for index in range(request[0]):
            yield bytes([index]) * 100

    def stream_in(requests, context):
        return b"".join(requests)

    aya = proxy(calls(stream_out=stream_out, stream_in=stream_in), pool=GRPC)
    one = channel(aya)
    assert list(method(one, "unary_stream")(b"\xc8", timeout=5)) == [bytes([i]) * 100 for i in range(200)]
    assert list(method(one, "unary_stream")(b"\x00", timeout=5)) == []
    pieces = [bytes([i]) * 1000 for i in range(200)]
    assert method(one, "stream_unary")(iter(pieces), timeout=5) == b"".join(pieces)
    assert method(one, "stream_unary")(iter([]), timeout=5) == b""


def test_both_ways_at_once(proxy, calls, channel):
    """Each answer is here before the next question is asked."""
    def both(requests, context):
        for request in requests:
            yield request + b"!"

    aya = proxy(calls(both=both), pool=GRPC)
    questions = queue.Queue()
    answers = method(channel(aya), "stream_stream")(iter(questions.get, None), timeout=10)
    for index in range(50):
        questions.put(b"%d" % index)
        assert next(answers) == b"%d!" % index
    questions.put(None)
    assert list(answers) == []


def test_much_both_ways(proxy, calls, channel):
    """Messages near the limit of grpcio, more of them than any window, in both directions at once."""
    def both(requests, context):
        for request in requests:
            yield request

    aya = proxy(calls(both=both), pool=GRPC)
    pieces = [bytes([index]) * 3_900_000 for index in range(8)]
    answers = list(method(channel(aya), "stream_stream")(iter(pieces), timeout=30))
    assert answers == pieces


def test_status_with_details(proxy, calls, channel):
    """What google.rpc.Status carries, and fields beside it that a failure has."""
    details = b"\x08\x05\x12\x04gone" + bytes(range(256)) * 20

    def unary(request, context):
        context.set_trailing_metadata([("grpc-status-details-bin", details), ("x-more", "m"), ("x-more", "n")])
        context.abort(grpc.StatusCode.NOT_FOUND, "gone\n%20 ü")

    def stream_out(request, context):
        yield b"first"
        unary(request, context)

    aya = proxy(calls(unary, stream_out), pool=GRPC)
    one = channel(aya)
    streamed = method(one, "unary_stream")(b"", timeout=5)
    assert next(streamed) == b"first"
    for error in (failure(lambda: method(one, "unary_unary")(b"", timeout=5)), failure(lambda: next(streamed))):
        assert error.code() is grpc.StatusCode.NOT_FOUND and error.details() == "gone\n%20 ü"
        trailing = [(key, value) for key, value in error.trailing_metadata() if key.startswith(("x-", "grpc-"))]
        assert ("grpc-status-details-bin", details) in trailing
        assert [value for key, value in trailing if key == "x-more"] == ["m", "n"]


def test_many_calls_at_once(proxy, calls, channel):
    """More than one connection to the server bears, all under way together."""
    everybody = threading.Barrier(24)

    def unary(request, context):
        everybody.wait(10)
        return request

    aya = proxy(calls(unary), pool={**GRPC, "streams_per_connection": 5})
    call = method(channel(aya), "unary_unary")
    futures = [call.future(b"%d" % index, timeout=15) for index in range(24)]
    assert [one.result() for one in futures] == [b"%d" % index for index in range(24)]


def test_cancelled_calls(proxy, calls, channel):
    ended = threading.Event()

    def stream_out(request, context):
        context.add_callback(ended.set)
        while context.is_active():
            time.sleep(0.02)
            yield b"x"

    aya = proxy(calls(stream_out=stream_out), pool=GRPC)
    call = method(channel(aya), "unary_stream")(b"", timeout=10)
    next(call)
    call.cancel()
    assert ended.wait(5)


def test_deadlines(proxy, calls, channel):
    """The server is told the deadline, and Aya keeps it where the server does not."""
    told = []

    def unary(request, context):
        told.append(context.time_remaining())
        time.sleep(2)
        return b""

    aya = proxy(calls(unary), pool=GRPC)
    # A client that does not look at its own clock.
    with_deadline = Client2(aya.port)
    started = time.monotonic()
    response = with_deadline.ask("POST", "/test.Echo/Unary", body=bytes(5), headers=[
        ("content-type", "application/grpc"), ("te", "trailers"), ("grpc-timeout", "300m")])
    assert 0.25 < time.monotonic() - started < 1.5
    assert (response.status, response.header("grpc-status")) == (200, "4")
    assert told and told[0] < 0.31
    assert aya.record(url__path="/test.Echo/Unary")["aya.reason"] == "route_timeout"
    with_deadline.close()


def test_deadline_within_an_answer(proxy, calls):
    def stream_out(request, context):
        yield b"first"
        time.sleep(2)

    aya = proxy(calls(stream_out=stream_out), pool=GRPC)
    one = Client2(aya.port)
    response = one.ask("POST", "/test.Echo/StreamOut", body=bytes(5), headers=[
        ("content-type", "application/grpc"), ("te", "trailers"), ("grpc-timeout", "300m")])
    assert response.body == b"\0\0\0\0\x05first"
    assert dict(response.trailers)["grpc-status"] == "4"
    one.close()


def test_own_failures(proxy, calls, channel, port):
    aya = proxy(f"127.0.0.1:{port()}", pool={**GRPC, "retry": "off"},
                routes={"a": {"path": "/test.Echo/*", "pool": "main"}})
    one = channel(aya)
    error = failure(lambda: method(one, "unary_unary")(b"x", timeout=5))
    assert error.code() is grpc.StatusCode.UNAVAILABLE and "refused" in error.details()
    error = failure(lambda: one.unary_unary("/other.Service/Call")(b"x", timeout=5))
    assert error.code() is grpc.StatusCode.UNIMPLEMENTED
    record = aya.record(url__path="/other.Service/Call")
    assert record["aya.reason"] == "no_route" and record["rpc.grpc.status_code"] == 12


def test_servers_that_die(proxy, calls, channel):
    """A stream that its server leaves ends with a status, not with a broken stream."""
    def stream_out(request, context):
        yield b"first"
        threading.Timer(0.3, lambda: server.server.stop(0)).start()
        time.sleep(2)

    server = calls(stream_out=stream_out)
    aya = proxy(server, pool=GRPC)
    answers = method(channel(aya), "unary_stream")(b"", timeout=5)
    assert next(answers) == b"first"
    error = failure(lambda: next(answers))
    assert error.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED)


@pytest.mark.parametrize("when, tries", [(["grpc_unavailable"], 2), (["grpc_aborted"], 1), (["reset"], 1)])
def test_retries_by_status(proxy, calls, channel, when, tries):
    counts = []

    def broken(request, context):
        counts.append("broken")
        context.abort(grpc.StatusCode.UNAVAILABLE, "not now")

    def good(request, context):
        counts.append("good")
        return request

    servers = calls(broken), calls(good)
    aya = proxy(*servers, pool={**GRPC, "retry": {"attempts": 2, "when": when, "budget": "100%"}, "outliers": "off"})
    call = method(channel(aya), "unary_unary")
    results = []
    for _ in range(4):
        try:
            results.append(call(b"hello", timeout=5))
        except grpc.RpcError as error:
            results.append(error.code())
    if tries == 2:
        assert results == [b"hello"] * 4
        assert "broken" in counts
    else:
        assert results.count(grpc.StatusCode.UNAVAILABLE) == 2 and results.count(b"hello") == 2


def test_health(proxy, calls, channel):
    well, ill = calls(echo, health={"": 1, "test.Echo": 1}), calls(echo, health={"": 1, "test.Echo": 2})
    aya = proxy(well, ill, pool={**GRPC, "health": {
        "grpc": {"service": "test.Echo"}, "interval": "100ms", "timeout": "100ms", "rise": 1, "fall": 1}})
    aya.wait_for_state(ill.address, "down")
    aya.wait_for_state(well.address, "available")
    assert "not serving" in str(aya.server(ill.address))
    assert "test.Echo" in well.asked
    for _ in range(4):
        assert method(channel(aya), "unary_unary")(b"x", timeout=5) == b"x"
    ill.health["test.Echo"] = 1
    aya.wait_for_state(ill.address, "available")


def test_health_of_what_is_not_there(proxy, calls):
    without = calls(echo)
    aya = proxy(without, pool={**GRPC, "health": {
        "grpc": {}, "interval": "100ms", "timeout": "100ms", "rise": 1, "fall": 1, "panic": "0%"}})
    aya.wait_for_state(without.address, "down")
    assert "UNIMPLEMENTED" in str(aya.server(without.address))


def test_over_tls(proxy, calls, channel, tmp_path):
    authority = certificates.Authority(tmp_path)
    paths = authority.issue("localhost", "localhost", "IP:127.0.0.1")
    certificate, key = (open(path, "rb").read() for path in paths)
    server = calls(echo, health={"": 1}, credentials=grpc.ssl_server_credentials([(key, certificate)]))
    aya = proxy(server, listener={"tls": {"certificates": [{"cert": paths[0], "key": paths[1]}]}},
                pool={**GRPC, "tls": {"verify": authority.certificate}, "health": {
                    "grpc": {}, "interval": "200ms", "timeout": "200ms"}})
    credentials = grpc.ssl_channel_credentials(open(authority.certificate, "rb").read())
    call = method(channel(aya, credentials), "unary_unary")
    for _ in range(20):
        assert call(b"secret", timeout=5) == b"secret"
    aya.wait_for_state(server.address, "available")


def test_probes_of_http_speak_it_too(proxy, client):
    from support.upstream2 import Upstream2
    server = Upstream2(lambda exchange: exchange.respond(body=b"fine"))
    try:
        aya = proxy(server, pool={"protocol": "h2", "health": {
            "http": {"path": "/healthz", "body": "fine"}, "interval": "100ms", "timeout": "100ms", "rise": 1}})
        aya.wait_for_state(server.address, "available")
        wait_until(lambda: aya.metric("aya_server_probes_total", server=server.address) > 3)
        assert aya.server(server.address)["state"] == "available"
        assert client(aya).get("/").body == b"fine"
    finally:
        server.stop()


# gRPC-Web, as browsers speak it


def message(data, flags=0):
    return bytes([flags]) + len(data).to_bytes(4, "big") + data


def messages(body):
    """[(flags, data)] of a body."""
    found = []
    while body:
        length = int.from_bytes(body[1:5], "big")
        found.append((body[0], body[5:5 + length]))
        body = body[5 + length:]
    return found


def decoded(text):
    """Base64 in pieces, each with its padding."""
    return b"".join(base64.b64decode(text[at:at + 4]) for at in range(0, len(text), 4))


@pytest.fixture
def web(proxy, calls):
    def start(**functions):
        return proxy(calls(**functions), pool=GRPC, routes={"a": {"pool": "main", "grpc_web": True}})
    return start


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("text", [False, True])
def test_web(web, client, text, chunked):
    seen = []

    def unary(request, context):
        seen.append(dict(context.invocation_metadata()))
        context.set_trailing_metadata([("x-more", "m")])
        return request + b"!"

    one = client(web(unary=unary))
    kind = "application/grpc-web-text" if text else "application/grpc-web"
    for size in (0, 1, 2, 3, 1000, 200_000):
        body = message(bytes(size))
        sent = base64.b64encode(body) if text else body
        if chunked:
            cut = len(sent) // 3
            pieces = [piece for piece in (sent[:cut], sent[cut:]) if piece]
            one.send(b"POST /test.Echo/Unary HTTP/1.1\r\nHost: a\r\nContent-Type: %s+proto\r\n"
                     b"Transfer-Encoding: chunked\r\n\r\n%s0\r\n\r\n" % (kind.encode(), b"".join(
                         b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)))
            response = one.response("POST")
        else:
            response = one.request("POST", "/test.Echo/Unary", body=sent, headers=[
                ("Content-Type", f"{kind}+proto"), ("X-Grpc-Web", "1")])
        assert response.status == 200 and response.get("content-type") in (kind, f"{kind}+proto")
        found = messages(decoded(response.body) if text else response.body)
        assert found[0] == (0, bytes(size) + b"!")
        flags, trailers = found[1]
        assert flags == 0x80 and len(found) == 2
        fields = dict(line.split(": ", 1) for line in trailers.decode().strip().split("\r\n"))
        assert fields["grpc-status"] == "0" and fields["x-more"] == "m"
        assert not response.trailers


def test_web_streams(web, client):
    def stream_out(request, context):
        for index in range(20):
            yield bytes([index]) * 5000

    one = client(web(stream_out=stream_out))
    for kind in ("application/grpc-web", "application/grpc-web-text"):
        body = message(b"")
        text = kind.endswith("text")
        response = one.request("POST", "/test.Echo/StreamOut", body=base64.b64encode(body) if text else body,
                               headers=[("Content-Type", kind)])
        found = messages(decoded(response.body) if text else response.body)
        assert [data for _, data in found[:-1]] == [bytes([index]) * 5000 for index in range(20)]
        assert b"grpc-status: 0" in found[-1][1]


def test_web_failures(web, client):
    def unary(request, context):
        context.abort(grpc.StatusCode.NOT_FOUND, "nothing")

    aya = web(unary=unary)
    one = client(aya)
    response = one.request("POST", "/test.Echo/Unary", body=message(b""),
                           headers=[("Content-Type", "application/grpc-web")])
    assert response.status == 200 and response.get("grpc-status") == "5"
    response = one.request("POST", "/test.Echo/Unary", body=b"!!!!",
                           headers=[("Content-Type", "application/grpc-web-text")])
    assert response.status == 200 and response.get("grpc-status") == "13"
    assert aya.record(aya__reason="bad_request")


def test_web_over_http2(web):
    one = Client2(web(unary=echo).port)
    response = one.ask("POST", "/test.Echo/Unary", body=base64.b64encode(message(b"hello")),
                       headers=[("content-type", "application/grpc-web-text")])
    assert messages(decoded(response.body))[0] == (0, b"hello")
    assert response.trailers is None
    one.close()
