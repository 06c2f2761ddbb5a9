"""PROXY protocol headers, written and read."""

import ipaddress
import struct

SIGNATURE = b"\r\n\r\n\x00\r\nQUIT\n"


def v1(source="192.0.2.1", destination="198.51.100.1", source_port=1000, destination_port=443):
    family = "TCP6" if ":" in source else "TCP4"
    return f"PROXY {family} {source} {destination} {source_port} {destination_port}\r\n".encode()


def v2(source="192.0.2.1", destination="198.51.100.1", source_port=1000, destination_port=443, extra=b""):
    six = ":" in source
    addresses = ipaddress.ip_address(source).packed + ipaddress.ip_address(destination).packed
    payload = addresses + struct.pack("!HH", source_port, destination_port) + extra
    return SIGNATURE + bytes([0x21, 0x21 if six else 0x11]) + struct.pack("!H", len(payload)) + payload


V2_LOCAL = SIGNATURE + b"\x20\x00\x00\x00"


def read(stream):
    """(version, source address, source port, destination address, destination port)"""
    start = stream.exactly(12)
    if start == SIGNATURE:
        command, family, length = struct.unpack("!BBH", stream.exactly(4))
        payload = stream.exactly(length)
        assert command == 0x21, f"command {command:#x}"
        size = {0x11: 4, 0x21: 16}[family]
        source, destination = payload[:size], payload[size:2 * size]
        ports = struct.unpack("!HH", payload[2 * size:2 * size + 4])
        return 2, str(ipaddress.ip_address(source)), ports[0], str(ipaddress.ip_address(destination)), ports[1]
    line = start + stream.until(b"\r\n")
    word, family, source, destination, source_port, destination_port = line.decode().split(" ")
    assert word == "PROXY" and family in ("TCP4", "TCP6")
    return 1, source, int(source_port), destination, int(destination_port)
