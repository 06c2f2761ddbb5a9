internal import AyaCore
internal import AyaHTTP

/// What goes in as HTTP/2 and comes out as HTTP/1.1 means the same, for any fields: nothing is cut, nothing is added,
/// and the parser of HTTP/1.1 finds neither an earlier end nor another length. And the way back is no other way.
enum TranslationChecks {
    typealias Line = HPACKChecks.Line

    static let limits = HeadLimits(requestLine: 8192, headerCount: 200, headerBytes: 60000)
    static let key: (UInt64, UInt64) = (1, 2)

    /// Fields as they come: the lengths of a name and a value, and their bytes; the first byte says how the head goes
    /// on.
    static func head(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        var lines: [Line] = []
        var at = 1
        while at + 1 < bytes.count, lines.count < 60 {
            let nameEnd = min(bytes.count, at + 2 + Int(bytes[at] & 63))
            let valueEnd = min(bytes.count, nameEnd + Int(bytes[at + 1]))
            lines.append(Line(name: Array(bytes[at + 2..<nameEnd]), value: Array(bytes[nameEnd..<valueEnd])))
            at = valueEnd
        }
        request(lines, ends: first & 1 == 1)
        response(lines, ends: first & 1 == 1, isHead: first & 2 == 2)
        trailers(lines)
    }

    private static func decoded(_ encoded: Buffer) -> FieldBlock {
        let block = FieldBlock(capacity: 1 << 17)
        block.begin(limits: HTTP2Limits())
        precondition(unsafe HPACKDecoder().decode(encoded.unread.span, into: block) == nil, "does not decode")
        return block
    }

    /// As literals without a table, their bytes as they are.
    private static func block(_ lines: [Line]) -> FieldBlock {
        let out = Buffer(capacity: 1 << 16)
        for line in lines {
            out.append(0)
            for text in [line.name, line.value] {
                out.append(0x7f)
                var rest = text.count - 127
                // Short strings have a prefix of their own.
                if rest < 0 {
                    out.truncate(to: out.end - 1)
                    out.append(UInt8(text.count))
                } else {
                    while rest >= 128 {
                        out.append(UInt8(rest & 127 | 128))
                        rest >>= 7
                    }
                    out.append(UInt8(rest))
                }
                out.append(text)
            }
        }
        return decoded(out)
    }

    // MARK: requests

    private static func request(_ lines: [Line], ends: Bool) {
        let fields = block(lines)
        let out = Buffer(capacity: 1 << 17)
        guard case .success(let request) = RequestDowngrade.write(fields, endsHere: ends, key: key, to: out) else {
            precondition(out.isEmpty, "something was written of a request that is refused")
            return
        }
        precondition(!out.overflowed, "longer than it can be")
        let bytes = unsafe Array(out.unread)
        let head = RequestHead()
        switch head.parse(bytes.span, limits: limits) {
        case .incomplete: preconditionFailure("the head has no end")
        case .invalid: return
        case .complete: break
        }
        precondition(head.byteCount == bytes.count, "the head ends early")
        precondition(head.method == request.method, "another method")
        switch head.framing {
        case .none: precondition(ends || request.isTunnel || request.contentLength == 0, "the body has gone")
        case .length(let length): precondition(length == request.contentLength, "another length")
        case .chunked: precondition(!ends && request.contentLength == nil && !request.isTunnel, "chunks of nothing")
        case .untilClose: preconditionFailure("no request ends by closing")
        }
        let kept = lines.filter { $0.name.first != UInt8(ascii: ":") && !isNamed($0, "host", "cookie") }
        let written = head.fields.map { Line(name: Array(bytes[$0.name.range]), value: Array(bytes[$0.value.range])) }
        let added: Set<[UInt8]> = Set(
            ["Host", "Cookie", "Transfer-Encoding", "Connection", "Upgrade", "Sec-WebSocket-Key"].map {
                Array($0.utf8)
            })
        precondition(written.filter { !added.contains($0.name) } == kept, "other fields")
        let crumbs = lines.filter { isNamed($0, "cookie") }.map(\.value)
        let cookies = written.filter { $0.name == Array("Cookie".utf8) }.map(\.value)
        precondition(cookies == (crumbs.isEmpty ? [] : [Array(crumbs.joined(separator: Array("; ".utf8)))]), "cookies")
        requestAgain(request, head, bytes, ends: ends)
    }

    /// Encoded anew and taken apart anew it is the same request.
    private static func requestAgain(_ request: RequestDowngrade, _ head: RequestHead, _ bytes: [UInt8], ends: Bool) {
        guard request.method != .connect, !request.isTunnel else { return }
        let encoded = Buffer(capacity: 1 << 17)
        HPACKEncoder().encode(head, bytes.span, isSecure: true, tunnelProtocol: nil, to: encoded)
        precondition(!encoded.overflowed, "longer than it can be")
        let out = Buffer(capacity: 1 << 17)
        guard case .success = RequestDowngrade.write(decoded(encoded), endsHere: ends, key: key, to: out) else {
            // HTTP/1.1 has no need of an authority that HTTP/2 would have to name.
            precondition(head.authority.isEmpty || head.form == .asterisk, "the way back is closed")
            return
        }
        precondition(unsafe sorted(Array(out.unread)) == sorted(bytes), "means something else on the way back")
    }

    /// Lines in an order of their own and names in lower case: fields that Aya writes move to the front or the end.
    private static func sorted(_ head: [UInt8]) -> [String] {
        var lines: [String] = []
        for line in head.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let name = parts.first, let value = parts.last else {
                lines.append("\(Array(line))")
                continue
            }
            lines.append(String(decoding: name, as: UTF8.self).lowercased() + "\(Array(value))")
        }
        return lines.sorted()
    }

    private static func isNamed(_ line: Line, _ names: String...) -> Bool {
        names.contains { Array($0.utf8) == line.name }
    }

    // MARK: responses

    private static func response(_ lines: [Line], ends: Bool, isHead: Bool) {
        let fields = block(lines)
        let out = Buffer(capacity: 1 << 17)
        let context = ResponseDowngrade.Context(isHead: isHead)
        guard case .success(let response) = ResponseDowngrade.write(fields, endsHere: ends, context, to: out) else {
            precondition(out.isEmpty, "something was written of a response that is refused")
            return
        }
        precondition(!out.overflowed, "longer than it can be")
        let bytes = unsafe Array(out.unread)
        let head = ResponseHead()
        switch head.parse(bytes.span, limits: limits, requestMethod: isHead ? .head : .get) {
        case .incomplete: preconditionFailure("the head has no end")
        case .invalid: return
        case .complete: break
        }
        precondition(head.byteCount == bytes.count, "the head ends early")
        precondition(head.status == response.status && head.isInterim == response.isInterim, "another status")
        precondition(head.keepAlive || head.isInterim, "the connection ends for no reason")
        precondition(head.framing == expected(response), "the body is framed otherwise")
        let kept = lines.filter {
            $0.name.first != UInt8(ascii: ":") && !((response.isInterim || response.status == 204) && isNamed($0, "content-length"))
        }
        let written = head.fields.map { Line(name: Array(bytes[$0.name.range]), value: Array(bytes[$0.value.range])) }
        let added: Set<[UInt8]> = [Array("Transfer-Encoding".utf8), Array("Content-Length".utf8)]
        precondition(written.filter { !added.contains($0.name) } == kept, "other fields")
    }

    private static func expected(_ response: ResponseDowngrade) -> BodyFraming {
        if case .length(0) = response.framing { return .none }
        return response.framing
    }

    // MARK: trailers

    private static func trailers(_ lines: [Line]) {
        let out = Buffer(capacity: 1 << 17)
        out.append("0\r\n")
        guard block(lines).writeTrailers(to: out) == nil else { return }
        out.append("\r\n")
        precondition(!out.overflowed, "longer than it can be")
        var decoder = ChunkedDecoder()
        var offset = 0
        switch unsafe decoder.next(out.unread.span, at: &offset) {
        case .needMore, .data: preconditionFailure("the trailers have no end")
        case .end: precondition(offset == out.count, "the trailers end early")
        case .invalid: break
        }
    }
}
