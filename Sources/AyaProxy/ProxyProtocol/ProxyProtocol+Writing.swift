package import AyaCore

extension ProxyProtocol {
    /// Appends a version 1 line; `UNKNOWN` when either address is not known.
    package static func writeV1(source: SocketAddress?, destination: SocketAddress?, to out: Buffer) {
        guard let source, let destination else {
            out.append("PROXY UNKNOWN\r\n")
            return
        }
        // The two must be of one family; an IPv4 address can be written as IPv6, not the other way round.
        let isV4 = source.ip.family == .v4 && destination.ip.family == .v4
        out.append(isV4 ? "PROXY TCP4 " : "PROXY TCP6 ")
        out.append(isV4 ? source.ip : mapped(source.ip))
        out.append(" ")
        out.append(isV4 ? destination.ip : mapped(destination.ip))
        out.append(" ")
        out.append(decimal: UInt64(source.port))
        out.append(" ")
        out.append(decimal: UInt64(destination.port))
        out.append("\r\n")
    }

    /// Appends a version 2 header; without addresses of an unspecified family when either is not known.
    package static func writeV2(source: SocketAddress?, destination: SocketAddress?, to out: Buffer) {
        writeSignature(command: 0x21, to: out)
        guard let source, let destination else {
            out.append(bigEndian: 0, size: 3)
            return
        }
        if source.ip.family == .v4, destination.ip.family == .v4 {
            out.append(bigEndian: 0x11, size: 1)
            out.append(bigEndian: 12, size: 2)
            out.append(bigEndian: source.ip.low, size: 4)
            out.append(bigEndian: destination.ip.low, size: 4)
        } else {
            out.append(bigEndian: 0x21, size: 1)
            out.append(bigEndian: 36, size: 2)
            for ip in [mapped(source.ip), mapped(destination.ip)] {
                out.append(bigEndian: ip.high, size: 8)
                out.append(bigEndian: ip.low, size: 8)
            }
        }
        out.append(bigEndian: UInt64(source.port), size: 2)
        out.append(bigEndian: UInt64(destination.port), size: 2)
    }

    private static func writeSignature(command: UInt8, to out: Buffer) {
        out.append(bigEndian: 0x0d0a_0d0a_000d_0a51, size: 8)
        out.append(bigEndian: 0x5549_540a, size: 4)
        out.append(command)
    }

    private static func mapped(_ ip: IPAddress) -> IPAddress {
        ip.family == .v4 ? IPAddress(v6High: 0, low: 0xffff_0000_0000 | ip.low) : ip
    }
}

extension Buffer {
    fileprivate func append(bigEndian value: UInt64, size: Int) {
        var shift = UInt64(8 * size)
        while shift > 0 {
            shift -= 8
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}
