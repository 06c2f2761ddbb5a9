"""Access records in Kafka: against brokers that librdkafka itself plays (its mock cluster), read by its own consumer."""

import ctypes.util
import json

import pytest

from support.aya import run, wait_until
from support.client import ask

kafka = pytest.importorskip("confluent_kafka")
pytestmark = pytest.mark.skipif(not ctypes.util.find_library("rdkafka"), reason="librdkafka is not installed")


@pytest.fixture
def brokers():
    """Where the cluster is. It lives as long as the client that plays it."""
    owner = kafka.Producer({"bootstrap.servers": "unused:1", "test.mock.num.brokers": 2})
    known = wait_until(lambda: owner.list_topics(timeout=20).brokers, timeout=40, what="a cluster")
    yield [f"{broker.host}:{broker.port}" for broker in known.values()]
    del owner


def messages(brokers, topic, count):
    consumer = kafka.Consumer({"bootstrap.servers": ",".join(brokers), "group.id": "test",
                               "auto.offset.reset": "earliest", "session.timeout.ms": 30000})
    consumer.subscribe([topic])
    found = []

    def enough():
        message = consumer.poll(1)
        if message is not None and not message.error():
            found.append(message.value())
        return len(found) >= count

    try:
        wait_until(enough, timeout=50, what=f"{count} messages (there are {found})")
    finally:
        consumer.close()
    return found


def test_records_are_messages(proxy, upstream, brokers):
    aya = proxy(upstream(), access_log={"kafka": {"brokers": brokers[:1], "topic": "access", "compression": "none"}})
    for number in range(20):
        assert ask(aya.port, target=f"/{number}").status == 200
    records = [json.loads(message) for message in messages(brokers, "access", 20)]
    assert {record["url.path"] for record in records} == {f"/{number}" for number in range(20)}
    assert all(record["http.response.status_code"] == 200 for record in records)
    wait_until(lambda: b'aya_access_log_records_total{log="access"} 20' in ask(
        aya.admin, target="/metrics", host="localhost").body, timeout=20)


def test_brokers_that_are_not_there(proxy, upstream, port):
    """Traffic goes on, the log says once what is wrong, and a stop does not wait for brokers."""
    aya = proxy(upstream(), access_log={"kafka": {"brokers": [f"127.0.0.1:{port()}"], "topic": "access"}})
    for _ in range(5):
        assert ask(aya.port).status == 200
    wait_until(lambda: "access log can not be written" in aya.stderr, timeout=40)
    assert ask(aya.port).status == 200
    metrics = ask(aya.admin, target="/metrics", host="localhost").body
    assert b'aya_access_log_records_total{log="access"} 0' in metrics


def test_what_the_library_refuses(tmp_path, port):
    """Is told at once, in its words."""
    (tmp_path / "aya.yaml").write_text(json.dumps({
        "listeners": {"web": {"bind": f"127.0.0.1:{port()}"}}, "routes": {"site": {"respond": 200}},
        "access_log": {"kafka": {"brokers": ["127.0.0.1:1"], "topic": "x", "tls": True, "verify": "/nowhere/ca.pem"}}}))
    ended = run("run", "-c", str(tmp_path / "aya.yaml"))
    assert ended.returncode == 1 and "access log 'access'" in ended.stderr and "ssl.ca.location" in ended.stderr
