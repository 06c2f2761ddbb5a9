internal import AyaCore

/// Version 2: a signature, version and command, family, length, addresses, and extensions as type-length-value.
extension ProxyProtocol {
    static func parseBinary(_ bytes: Span<UInt8>) throws(Fault) -> ProxyProtocol {
        guard
            let isComplete = matches(
                bytes, signature: [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a])
        else { return .absent }
        guard isComplete, bytes.count > 12 else { return .incomplete }
        let isLocal: Bool
        switch bytes[12] {
        case 0x20: isLocal = true
        case 0x21: isLocal = false
        default: throw .badVersion
        }
        guard bytes.count > 13 else { return .incomplete }
        // High nibble the address family, low nibble the transport. Streams and datagrams are the same to us.
        let family = bytes[13] >> 4
        guard family <= 3, bytes[13] & 15 <= 2 else { throw .badFamily }
        guard bytes.count >= 16 else { return .incomplete }
        let end = 16 &+ (Int(bytes[14]) << 8 | Int(bytes[15]))
        guard end <= largest else { throw .tooLong }
        let addressBytes =
            switch family {
            case 1: 12
            case 2: 36
            case 3: 216
            default: 0
            }
        // A local connection's addresses are not looked at, not even whether they are there.
        guard isLocal || end &- 16 >= addressBytes else { throw .addressesTooShort }
        guard bytes.count >= end else { return .incomplete }
        if isLocal { return .header(source: nil, destination: nil, byteCount: end, isLocal: true) }
        // With an unknown family everything behind the fixed part has to be skipped unread.
        if family > 0 { try checkExtensions(bytes, from: 16 &+ addressBytes, to: end) }
        let source: SocketAddress?
        let destination: SocketAddress?
        switch family {
        case 1:
            source = addressV4(bytes, at: 16, port: 24)
            destination = addressV4(bytes, at: 20, port: 26)
        case 2:
            source = addressV6(bytes, at: 16, port: 48)
            destination = addressV6(bytes, at: 32, port: 50)
        default:
            source = nil
            destination = nil
        }
        return .header(source: source, destination: destination, byteCount: end, isLocal: false)
    }

    private static func checkExtensions(_ bytes: Span<UInt8>, from start: Int, to end: Int) throws(Fault) {
        var at = start
        while at < end {
            guard end &- at >= 3 else { throw .badExtension }
            let length = Int(bytes[at &+ 1]) << 8 | Int(bytes[at &+ 2])
            let value = at &+ 3
            guard end &- value >= length else { throw .badExtension }
            // PP2_TYPE_CRC32C: the checksum of the whole header with the checksum itself taken as zero.
            if bytes[at] == 0x03 {
                guard length == 4 else { throw .badExtension }
                var checksum = CRC32C()
                for index in 0..<end { checksum.add(index >= value && index < value &+ 4 ? 0 : bytes[index]) }
                guard UInt64(checksum.value) == number(bytes, at: value, size: 4) else { throw .wrongChecksum }
            }
            at = value &+ length
        }
    }

    private static func addressV4(_ bytes: Span<UInt8>, at: Int, port: Int) -> SocketAddress {
        SocketAddress(
            ip: IPAddress(v4: UInt32(truncatingIfNeeded: number(bytes, at: at, size: 4))),
            port: UInt16(truncatingIfNeeded: number(bytes, at: port, size: 2)))
    }

    private static func addressV6(_ bytes: Span<UInt8>, at: Int, port: Int) -> SocketAddress {
        let ip = IPAddress(v6High: number(bytes, at: at, size: 8), low: number(bytes, at: at &+ 8, size: 8))
        return SocketAddress(ip: ip.unmapped, port: UInt16(truncatingIfNeeded: number(bytes, at: port, size: 2)))
    }

    private static func number(_ bytes: Span<UInt8>, at start: Int, size: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in start..<(start &+ size) { value = value << 8 | UInt64(bytes[index]) }
        return value
    }
}
