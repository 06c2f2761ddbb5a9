internal import AyaTLS

/// What must hold for any bytes that a TLS connection may begin with.
enum ClientHelloChecks {
    static func bytes(_ bytes: [UInt8]) {
        let whole = ClientHello.parse(bytes.span)
        // Before the answer is known it is incomplete, and once it is known it stays.
        var known = false
        let step = max(1, bytes.count / 24)
        for end in stride(from: 0, to: bytes.count, by: step) {
            let part = ClientHello.parse(bytes.span.extracting(0..<end))
            if part == .incomplete {
                precondition(!known, "forgot its answer")
            } else {
                precondition(part == whole, "changed its answer")
                known = true
            }
        }
        // The library has put records together before it asks for a fingerprint.
        if let fingerprint = Fingerprint(hello: bytes.span) {
            precondition(fingerprint.ja4.utf8.count == 36, "a fingerprint of another length")
        }
        if case .hello(let summary) = whole {
            precondition(summary.serverName?.isEmpty != true, "an empty name")
            precondition(summary.protocols.allSatisfy { !$0.isEmpty }, "an empty protocol")
        }
    }
}
