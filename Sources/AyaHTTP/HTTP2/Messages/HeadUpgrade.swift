package import AyaCore

/// Heads of HTTP/1.1 as blocks of fields for HTTP/2: without what concerns one connection of HTTP/1 (RFC 9113 section
/// 8.2.2), names in lower case.
extension HPACKEncoder {
    /// `bytes` begin with the head; `isTunnel`: a 101, which becomes the 200 of an extended CONNECT (RFC 8441).
    /// `isRefused`: a tunnel was asked for and not made, so success would mean something else.
    package func encode(
        _ head: ResponseHead, _ bytes: Span<UInt8>, isTunnel: Bool, isRefused: Bool = false, to out: Buffer
    ) {
        begin(out)
        status(isTunnel ? 200 : isRefused && head.status / 100 == 2 ? 502 : head.status, to: out)
        for field in head.fields where !field.isHopByHop {
            let name = bytes.extracting(field.name.range)
            if isTunnel, field.known == .contentLength || name.equalsIgnoringCase("sec-websocket-accept") { continue }
            self.field(name, bytes.extracting(field.value.range), known: field.known, to: out)
        }
    }

    /// `tunnelProtocol`: what an upgrade asks for; nil for an ordinary request.
    package func encode(
        _ head: RequestHead, _ bytes: Span<UInt8>, isSecure: Bool, tunnelProtocol: Slice?, to out: Buffer
    ) {
        begin(out)
        if tunnelProtocol != nil {
            let connect: StaticString = "CONNECT"
            indexedName(2, unsafe UnsafeBufferPointer(start: connect.utf8Start, count: 7).span, to: out)
        } else {
            switch head.method {
            case .get: indexed(2, to: out)
            case .post: indexed(3, to: out)
            default: indexedName(2, bytes.extracting(head.methodName.range), to: out)
            }
        }
        indexed(isSecure ? 7 : 6, to: out)
        indexedName(1, bytes.extracting(head.authority.range), to: out)
        let target = bytes.extracting(head.target.range)
        if target.count == 1, target[0] == UInt8(ascii: "/") {
            indexed(4, to: out)
        } else {
            indexedName(4, target, to: out)
        }
        if let tunnelProtocol {
            let name: StaticString = ":protocol"
            field(
                unsafe UnsafeBufferPointer(start: name.utf8Start, count: 9).span,
                bytes.extracting(tunnelProtocol.range), known: .other, to: out)
        }
        for field in head.fields {
            let value = bytes.extracting(field.value.range)
            if field.isHopByHop {
                guard field.known == .te, value.equalsIgnoringCase("trailers") else { continue }
            }
            if field.known == .host { continue }
            let name = bytes.extracting(field.name.range)
            if tunnelProtocol != nil, name.equalsIgnoringCase("sec-websocket-key") { continue }
            self.field(name, value, known: field.known, to: out)
        }
    }

    /// The trailer lines of a chunked body, but for those that must not be there.
    package func encodeTrailers(_ lines: Span<UInt8>, to out: Buffer) {
        begin(out)
        var walk = TrailerLines()
        while let field = walk.next(lines) {
            if field.known.isForbiddenInTrailers { continue }
            self.field(
                lines.extracting(field.name.range), lines.extracting(field.value.range), known: field.known, to: out)
        }
    }
}
