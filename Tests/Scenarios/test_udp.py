"""UDP listeners: datagrams of a client go to one server as a flow, answers come back to that client."""

import select
import socket
import threading
import time

import pytest
from support.aya import wait_until


class DatagramServer:
    """Answers each datagram with its name and the sender's port before it."""

    def __init__(self, port, name, family=socket.AF_INET):
        self.name = name.encode()
        self.received = []
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        host = "::1" if family == socket.AF_INET6 else "127.0.0.1"
        self.socket.bind((host, port))
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                data, sender = self.socket.recvfrom(70_000)
            except OSError:
                return
            self.received.append((sender, data))
            if data == b"quiet":
                continue
            for _ in range(3 if data == b"three" else 1):
                self.socket.sendto(self.name + b"|" + data, sender)

    def stop(self):
        self.socket.close()


@pytest.fixture
def datagrams(port):
    started = []

    def start(name="a", **settings):
        server = DatagramServer(port(), name, **settings)
        started.append(server)
        return server

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def udp(start, port):
    def start_udp(*servers, bind="127.0.0.1", listener=None, pool=None):
        listening = port()
        aya = start({
            "listeners": {"log": {"bind": f"{bind}:{listening}", "protocol": "udp", "pool": "main", **(listener or {})}},
            "pools": {"main": {"servers": [getattr(s, "address", s) for s in servers], **(pool or {})}}})
        aya.port = listening
        return aya

    return start_udp


class Sender:
    def __init__(self, port, host="127.0.0.1"):
        self.socket = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.socket.settimeout(3)
        self.socket.connect((host, port))

    def ask(self, data):
        self.socket.send(data)
        return self.socket.recv(70_000)


def test_answers_come_back(udp, datagrams):
    one = Sender(udp(datagrams()).port)
    for number in range(20):
        assert one.ask(b"%d" % number) == b"a|%d" % number


def test_flows_stay_apart_and_stay_with_their_server(udp, datagrams):
    a, b = datagrams("a"), datagrams("b")
    # The default weighs how quick a server is, and need not halve them.
    aya = udp(a, b, pool={"balance": "round_robin"})
    senders = [Sender(aya.port) for _ in range(40)]
    first = [one.ask(b"%d" % number) for number, one in enumerate(senders)]
    assert sorted(answer[:1] for answer in first) == [b"a"] * 20 + [b"b"] * 20
    for _ in range(3):
        for number, one in enumerate(senders):
            assert one.ask(b"%d" % number) == first[number]
    ports = {sender[1] for sender, _ in a.received}
    assert len(ports) == 20, "one flow, one source port at the server"


@pytest.mark.parametrize("size", [0, 1, 508, 1472, 8000, 60_000])
def test_sizes(udp, datagrams, size):
    one = Sender(udp(datagrams()).port)
    data = bytes(index % 251 for index in range(size))
    assert one.ask(data) == b"a|" + data


def test_boundaries_are_kept_in_a_burst(udp, datagrams):
    """Datagrams of many sizes, sent at once: none is joined or split, whatever the kernel batches."""
    server = datagrams()
    aya = udp(server)
    one = Sender(aya.port)
    sent = [bytes([65 + number % 26]) * (1 + number * 37 % 1400) for number in range(300)]
    answers = []
    for start in range(0, len(sent), 30):
        for data in sent[start:start + 30]:
            one.socket.send(data)
        for _ in sent[start:start + 30]:
            try:
                answers.append(one.socket.recv(70_000)[2:])
            except TimeoutError:
                break
    assert answers == sent, f"{len(answers)} of {len(sent)}"


def test_equal_sizes_in_a_burst(udp, datagrams):
    """What generic receive offload would join."""
    server = datagrams()
    one = Sender(udp(server).port)
    for start in range(0, 600, 60):
        for number in range(start, start + 60):
            one.socket.send(b"%04d" % number * 100)
        assert [one.socket.recv(70_000) for _ in range(60)] == [
            b"a|" + b"%04d" % number * 100 for number in range(start, start + 60)]


def test_several_answers_and_none(udp, datagrams):
    server = datagrams()
    one = Sender(udp(server).port)
    one.socket.send(b"quiet")
    assert [one.ask(b"three")] + [one.socket.recv(99) for _ in range(2)] == [b"a|three"] * 3
    assert [data for _, data in server.received] == [b"quiet", b"three"]


def test_flow_ends_when_idle(udp, datagrams):
    server = datagrams()
    aya = udp(server, listener={"timeouts": {"idle": "500ms"}})
    one = Sender(aya.port)
    assert one.ask(b"1") == b"a|1"
    time.sleep(1.2)
    wait_until(lambda: aya.metric("aya_listener_flows_open") == 0, 3, "the end of the flow")
    assert one.ask(b"2") == b"a|2"
    assert len({sender for sender, _ in server.received}) == 2, "a new flow has a new source port"


def test_flows_are_bounded(udp, datagrams):
    """A spoofed flood must not grow memory or descriptors without bound."""
    aya = udp(datagrams(), listener={"limits": {"connections": 50}})
    kept = [Sender(aya.port) for _ in range(40)]
    for one in kept:
        assert one.ask(b"x") == b"a|x"
    flood = [Sender(aya.port) for _ in range(300)]
    for one in flood:
        one.socket.send(b"quiet")
    time.sleep(0.3)
    assert aya.metric("aya_listener_flows_open") <= 50
    assert aya.descriptors < 50 + 60
    assert kept[0].ask(b"still") == b"a|still", "flows that are there go on"
    assert aya.metric("aya_listener_datagrams_dropped_total") > 0


def test_server_that_is_not_there(udp, datagrams, port):
    """ICMP port unreachable: nothing crashes, others are served."""
    aya = udp(f"127.0.0.1:{port()}")
    one = Sender(aya.port)
    for _ in range(3):
        one.socket.send(b"x")
        time.sleep(0.05)
    assert aya.running


def test_strangers_can_not_answer(udp, datagrams):
    """What comes to a flow's port from elsewhere than its server is not passed to the client."""
    server = datagrams()
    one = Sender(udp(server).port)
    assert one.ask(b"1") == b"a|1"
    flow = server.received[0][0]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.sendto(b"evil", flow)
    assert not select.select([one.socket], [], [], 0.4)[0]


def test_ipv6_and_both_families(udp, datagrams):
    aya = udp(datagrams(), bind="")
    assert Sender(aya.port, "127.0.0.1").ask(b"4") == b"a|4"
    assert Sender(aya.port, "::1").ask(b"6") == b"a|6"


def test_answer_comes_from_the_address_that_was_asked(udp, datagrams):
    """A listener on every address answers from the one that the client wrote to."""
    aya = udp(datagrams(), bind="")
    one = Sender(aya.port, "127.0.0.7")
    assert one.ask(b"x") == b"a|x"
