"""Metrics that are sent: by OpenTelemetry's own schema, the same as those that are fetched."""

import pytest

from support.aya import wait_until
from support.client import ask


def test_metrics_are_sent(proxy, upstream, collector):
    schema = pytest.importorskip("opentelemetry.proto.collector.metrics.v1.metrics_service_pb2")
    unknown_fields = pytest.importorskip("google.protobuf.unknown_fields")
    otlp = collector()
    aya = proxy(upstream(), metrics={"otlp": {"endpoint": otlp.url, "token": "t"}, "interval": "1s", "service": "edge"})
    for _ in range(5):
        ask(aya.port)
    aya.records(5)
    before = len(otlp.requests)
    wait_until(lambda: len(otlp.requests) >= before + 2, timeout=15)
    path, headers, body = otlp.requests[-1]
    assert path == "/v1/metrics" and headers["Authorization"] == "Bearer t"
    request = schema.ExportMetricsServiceRequest.FromString(body)
    assert len(unknown_fields.UnknownFieldSet(request)) == 0
    resource = request.resource_metrics[0]
    assert {a.key: a.value.string_value for a in resource.resource.attributes}["service.name"] == "edge"
    metrics = {metric.name: metric for metric in resource.scope_metrics[0].metrics}
    text = ask(aya.admin, target="/metrics", host="localhost").body.decode()
    fetched = {line.split(" ")[2] for line in text.splitlines() if line.startswith("# TYPE")}
    assert set(metrics) == fetched
    requests = metrics["aya_route_requests_total"].sum
    assert requests.is_monotonic and requests.aggregation_temporality == 2
    points = {p.attributes[1].value.string_value: p for p in requests.data_points}
    assert points["2xx"].as_int == 5 and points["2xx"].attributes[0].key == "route"
    assert 0 < points["2xx"].start_time_unix_nano < points["2xx"].time_unix_nano
    durations = metrics["aya_route_request_duration_seconds"]
    point = durations.histogram.data_points[0]
    assert durations.unit == "s" and point.count == 5 == sum(point.bucket_counts) and point.sum > 0
    assert len(point.bucket_counts) == len(point.explicit_bounds) + 1
    assert list(point.explicit_bounds) == sorted(point.explicit_bounds)
    assert metrics["process_resident_memory_bytes"].gauge.data_points[0].as_int > 1_000_000
