"""Traces: what requests carry on to servers, and the spans that a collector gets, by OpenTelemetry's own schema."""

import re

import pytest

from support.aya import wait_until
from support.client import ask

TRACE = "0af7651916cd43dd8448eb211c80319c"
SPAN = "b7ad6b7169203331"


def fields(response):
    """What the server got, which it echoes."""
    return {name.lower(): value for name, value in response.json()["headers"]}


def spans(collector):
    schema = pytest.importorskip("opentelemetry.proto.collector.trace.v1.trace_service_pb2")
    unknown_fields = pytest.importorskip("google.protobuf.unknown_fields")
    found = []
    for path, headers, body in collector.requests:
        assert path == "/v1/traces" and headers["Content-Type"] == "application/x-protobuf"
        request = schema.ExportTraceServiceRequest.FromString(body)
        assert len(unknown_fields.UnknownFieldSet(request)) == 0
        for resource in request.resource_spans:
            names = {a.key: a.value.string_value for a in resource.resource.attributes}
            assert names["service.name"] == "edge" and names["service.version"]
            for scope in resource.scope_spans:
                assert scope.scope.name == "aya"
                found += scope.spans
    return found


def attributes(span):
    return {a.key: getattr(a.value, a.value.WhichOneof("value")) for a in span.attributes}


def test_the_place_in_a_trace_is_passed_on(proxy, upstream):
    aya = proxy(upstream(), tracing={})
    got = fields(ask(aya.port, headers=[("traceparent", f"00-{TRACE}-{SPAN}-01"), ("tracestate", "a=1,b=2")]))
    match = re.fullmatch(rf"00-{TRACE}-([0-9a-f]{{16}})-0([01])", got["traceparent"])
    assert match and match[1] not in (SPAN, "0" * 16)
    assert got["tracestate"] == "a=1,b=2"
    record = aya.records(1)[0]
    assert record["trace_id"] == TRACE and record["span_id"] not in (SPAN, match[1])


@pytest.mark.parametrize("bad", ["", "00", f"00-{'0' * 32}-{SPAN}-01", f"00-{TRACE.upper()}-{SPAN}-01", "x" * 4000])
def test_an_invalid_place_is_none(proxy, upstream, bad):
    aya = proxy(upstream(), tracing={})
    got = fields(ask(aya.port, headers=[("traceparent", bad), ("tracestate", "a=1")]))
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-0[23]", got["traceparent"])
    assert TRACE not in got["traceparent"] and "tracestate" not in got


def test_without_tracing_nothing_is_touched(proxy, upstream):
    aya = proxy(upstream())
    got = fields(ask(aya.port, headers=[("traceparent", "mine"), ("b3", "0")]))
    assert got["traceparent"] == "mine" and got["b3"] == "0"
    assert "trace_id" not in aya.records(1)[0]


def test_b3(proxy, upstream):
    aya = proxy(upstream(), tracing={"formats": ["b3", "b3_multi"]}, listener={"trusted_proxies": ["127.0.0.1"]})
    got = fields(ask(aya.port, headers=[("b3", f"{TRACE}-{SPAN}-1")]))
    assert re.fullmatch(rf"{TRACE}-[0-9a-f]{{16}}-1-[0-9a-f]{{16}}", got["b3"])
    assert got["x-b3-traceid"] == TRACE and got["x-b3-sampled"] == "1" and "traceparent" not in got
    got = fields(ask(aya.port, headers=[
        ("X-B3-TraceId", TRACE[16:]), ("X-B3-SpanId", SPAN), ("X-B3-ParentSpanId", SPAN), ("X-B3-Sampled", "0")]))
    assert got["x-b3-traceid"] == "0" * 16 + TRACE[16:] and got["x-b3-parentspanid"] != SPAN
    assert got["x-b3-sampled"] == "0"


def test_spans(proxy, upstream, collector, port):
    """A failed try, the one that answered, and the exchange above them."""
    otlp = collector()
    dead = f"127.0.0.1:{port()}"
    server = upstream()
    aya = proxy(dead, server, tracing={
        "otlp": {"endpoint": otlp.url, "token": "t"}, "sample": "0%", "service": "edge"})
    for _ in range(4):
        assert ask(aya.port, target="/a?b", headers=[("traceparent", f"00-{TRACE}-{SPAN}-00")]).status == 200
    tried = wait_until(
        lambda: [r for r in aya.records(4) if r.get("aya.attempts") == 2], what="an exchange with two tries")
    found = wait_until(lambda: len(all := spans(otlp)) >= 3 and all, timeout=10)
    assert otlp.requests[0][1]["Authorization"] == "Bearer t"
    top = next(s for s in found if s.kind == 2)
    below = [s for s in found if s.kind == 3 and s.parent_span_id == top.span_id]
    assert top.trace_id.hex() == TRACE and top.parent_span_id.hex() == SPAN and top.name == "GET default"
    facts = attributes(top)
    assert facts["http.response.status_code"] == 200 and facts["url.path"] == "/a" and facts["aya.attempts"] == 2
    assert facts["aya.request_id"] == tried[0]["aya.request_id"] and top.status.code == 0
    assert len(below) == 2 and {s.status.code for s in below} == {0, 2}
    failed = next(s for s in below if s.status.code == 2)
    assert attributes(failed)["aya.reason"] == "connect_refused" and attributes(failed)["aya.server"] == dead
    answered = next(s for s in below if s.status.code == 0)
    assert attributes(answered)["aya.server"] == server.address
    for span in below:
        assert top.start_time_unix_nano <= span.start_time_unix_nano <= span.end_time_unix_nano
        assert span.end_time_unix_nano <= top.end_time_unix_nano + 2_000_000


def test_samples(proxy, upstream, collector):
    """Of a thousand about a tenth, and every failure."""
    otlp = collector()
    answers = iter([500 if n % 50 == 0 else 200 for n in range(1, 1000)])
    aya = proxy(upstream(lambda e: (e.read_body(), e.respond(next(answers)))[0]), pool={"retry": {"attempts": 1}},
                tracing={"otlp": {"endpoint": otlp.url}, "sample": "10%", "service": "edge"})
    for _ in range(400):
        ask(aya.port)
    aya.records(400)
    servers = lambda: [s for s in spans(otlp) if s.kind == 2]
    wait_until(lambda: sum(attributes(s)["http.response.status_code"] == 500 for s in servers()) == 8, timeout=10)
    assert 15 <= len(servers()) - 8 <= 75


def test_a_dead_collector_harms_nobody(proxy, upstream, port):
    aya = proxy(upstream(), tracing={"otlp": {"endpoint": f"http://127.0.0.1:{port()}"}, "sample": "100%"})
    for _ in range(20):
        assert ask(aya.port).status == 200
    text = lambda: ask(aya.admin, target="/metrics", host="localhost").body.decode()
    wait_until(lambda: re.search(r"aya_trace_export_failures_total [1-9]", text()), timeout=10)
