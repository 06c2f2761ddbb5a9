internal import AyaCore
internal import AyaHTTP

/// What must hold for any bytes in the fields and bodies of calls of gRPC.
enum CallChecks {
    static func values(_ bytes: [UInt8]) {
        let kind = GRPCKind(contentType: bytes.span)
        if kind != .none {
            let name = Array("\(kind.name)".utf8)
            let isNamed = bytes.span.extracting(first: name.count).equalsIgnoringCase(kind.name)
            precondition(bytes.count >= name.count && isNamed, "another type")
        }
        if let timeout = GRPCTimeout.parse(bytes.span) { precondition(timeout >= .zero, "a deadline in the past") }
        _ = GRPCStatus(decimal: bytes.span)
        _ = bytes.span.grpcStatus
        base64(bytes)
    }

    /// Pieces do not matter, and what was encoded comes back.
    private static func base64(_ bytes: [UInt8]) {
        let whole = decode(bytes, cuts: [])
        for cuts in Cuts.of(bytes) { precondition(decode(bytes, cuts: cuts) == whole, "split differs") }
        let text = Buffer(capacity: bytes.count * 4 + 16)
        let middle = bytes.count / 2
        Base64Stream.encode(Array(bytes[..<middle]).span, into: text)
        Base64Stream.encode(Array(bytes[middle...]).span, into: text)
        precondition(unsafe decode(Array(text.unread), cuts: []) == bytes, "what was encoded does not decode")
    }

    private static func decode(_ text: [UInt8], cuts: [Int]) -> [UInt8]? {
        let out = Buffer(capacity: text.count + 16)
        var stream = Base64Stream()
        var start = 0
        for cut in cuts + [text.count] {
            if !stream.decode(Array(text[start..<cut]).span, into: out) { return nil }
            start = cut
        }
        precondition(!out.overflowed && out.count <= text.count, "more than was there")
        return stream.isWhole ? unsafe Array(out.unread) : nil
    }
}
