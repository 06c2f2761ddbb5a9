"""What nobody means well by is ended with the right code, while others are served and memory stays flat."""

import threading

import pytest
from support.http2 import Client2, Raw, frame

HEAD = bytes.fromhex("828684410161")
MEGABYTE = 1 << 20


def head(stream, end=True):
    return frame(1, 5 if end else 4, stream, HEAD)


def rapid_reset(index):
    return head(2 * index + 1) + frame(3, 0, 2 * index + 1, bytes([0, 0, 0, 8]))


def made_resets(index):
    """The client has the server do the resetting."""
    return head(2 * index + 1) + frame(8, 0, 2 * index + 1, bytes(4))


FLOODS = {
    "rapid reset": (rapid_reset, b"", 11),
    "made resets": (made_resets, b"", 11),
    "settings": (lambda _: frame(4), b"", 11),
    "ping": (lambda _: frame(6, 0, 0, bytes(8)), b"", 11),
    "empty data": (lambda _: frame(0, 0, 1), head(1, end=False), 11),
    "priority": (lambda _: frame(2, 0, 1, bytes([0, 0, 0, 0, 1])), head(1, end=False), 11),
    "continuation": (lambda _: frame(9, 0, 1, b"\0\1a\1b" * 200), frame(1, 1, 1, HEAD), 11),
    "empty continuation": (lambda _: frame(9, 0, 1), frame(1, 1, 1, HEAD), 11),
    "unknown": (lambda _: frame(0x77, 0, 0, b"x"), b"", 11),
}


@pytest.mark.parametrize("kind", FLOODS)
def test_floods_end(proxy, upstream, kind):
    piece, first, code = FLOODS[kind]
    aya = proxy(upstream())
    before = aya.resident_bytes
    other = Client2(aya.port)
    attacker = Raw(aya.port, timeout=10)
    attacker.send(first)

    def attack():
        for start in range(0, 200_000, 100):
            if not attacker.send(b"".join(piece(index) for index in range(start, start + 100))):
                break

    thread = threading.Thread(target=attack, daemon=True)
    thread.start()
    for _ in range(20):
        assert other.ask().status == 200
    found = attacker.code()
    thread.join(20)
    assert not thread.is_alive()
    assert found in (code, None)
    aya.record(aya__reason="client_flood")
    assert other.ask().status == 200
    assert aya.peak_resident_bytes - before < 24 * MEGABYTE
    attacker.close()
    other.close()


def test_header_bomb(proxy, upstream):
    aya = proxy(upstream())
    before = aya.resident_bytes
    attacker = Raw(aya.port)
    value = b"a" * 4000
    attacker.send(frame(1, 5, 1, HEAD + b"\x40\x01x\x7f" + bytes([0xA1, 0x1E]) + value))
    attacker.send(frame(1, 5, 3, HEAD + b"\xbe" * 16000))
    assert attacker.code() == 11
    assert aya.peak_resident_bytes - before < 8 * MEGABYTE
    attacker.close()


def test_tiny_windows(proxy, upstream):
    """A stream that opens byte by byte is let go; nobody else waits for it."""
    from support.upstream import answering
    aya = proxy(upstream(answering(body=b"x" * 100_000)))
    attacker = Raw(aya.port)
    attacker.send(frame(4, 0, 0, bytes([0, 4, 0, 0, 0, 0])) + head(1))

    def attack():
        for _ in range(500):
            if not attacker.send(frame(8, 0, 1, bytes([0, 0, 0, 1])) * 20):
                break

    thread = threading.Thread(target=attack, daemon=True)
    thread.start()
    other = Client2(aya.port)
    assert other.ask().status == 200
    assert attacker.code() in (11, None)
    thread.join(10)
    other.close()
    attacker.close()


def test_stalled_streams_time_out(proxy, upstream):
    from support.upstream import answering
    aya = proxy(upstream(answering(body=b"x" * 300_000)), listener={"timeouts": {"body": "500ms"}})
    attacker = Raw(aya.port)
    attacker.send(frame(4, 0, 0, bytes([0, 4, 0, 0, 0, 0])) + b"".join(head(2 * n + 1) for n in range(50)))
    assert attacker.code(kind=3) is not None
    assert sum(r["aya.reason"] == "body_timeout" for r in aya.records(50)) == 50
    attacker.close()


def test_smuggling_by_downgrade(proxy, upstream):
    """No byte of a value becomes a line of its own, no length that is not the body's goes on."""
    aya = proxy(upstream())
    one = Client2(aya.port)
    for headers in [[("x", "y\r\nTransfer-Encoding: chunked")], [("x\r\ny", "z")], [("x:y", "z")],
                    [("content-length", "1"), ("content-length", "2")], [("content-length", "0x10")]]:
        assert one.response(one.request("POST", headers=headers, body=b"abc")).reset == 1
    short = one.request("POST", headers=[("content-length", "10")], body=b"abc")
    assert one.response(short).reset == 1
    assert one.ask().status == 200
    one.close()
