internal import AyaCore
internal import AyaProxy

/// What must hold for any bytes that a connection may begin with.
enum ProxyProtocolChecks {
    static func bytes(_ bytes: [UInt8]) {
        let whole = ProxyProtocol.parse(bytes.span)
        var known = false
        let step = max(1, bytes.count / 48)
        for end in stride(from: 0, to: bytes.count, by: step) {
            let part = ProxyProtocol.parse(bytes.span.extracting(0..<end))
            if part == .incomplete {
                precondition(!known, "forgot its answer")
            } else {
                precondition(part == whole, "changed its answer")
                known = true
            }
        }
        guard case .header(let source, let destination, let count, let isLocal) = whole else { return }
        precondition(count > 0 && count <= bytes.count, "longer than it is")
        let first = Buffer(capacity: 256)
        ProxyProtocol.writeV1(source: source, destination: destination, to: first)
        expect(first, source, destination)
        let second = Buffer(capacity: 256)
        ProxyProtocol.writeV2(source: source, destination: destination, to: second)
        expect(second, source, destination)
        precondition(!isLocal || source == nil, "a local connection with a claim")
    }

    private static func expect(_ written: Buffer, _ source: SocketAddress?, _ destination: SocketAddress?) {
        let header = ProxyProtocol.header(
            source: source, destination: destination, byteCount: written.count, isLocal: false)
        precondition(unsafe ProxyProtocol.parse(written.unread.span) == header, "means something else when written")
    }
}
