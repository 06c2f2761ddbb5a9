/// The form of a request target (RFC 9112 section 3.2).
package enum TargetForm: UInt8, Sendable {
    /// `/path?query`.
    case origin
    /// `http://host/path?query`: its authority replaces `Host`.
    case absolute
    /// `*`, or the absolute form of `OPTIONS` without a path, which is forwarded as `*` (section 3.2.4).
    case asterisk
    /// `host:port`, for `CONNECT` alone.
    case authority
}

/// Parses the first line of a request as it arrives (RFC 9112 section 3).
struct RequestLine {
    private enum Phase: UInt8 { case start, method, path, query, version }

    private(set) var method = Method.other
    private(set) var form = TargetForm.origin
    private(set) var minorVersion: UInt8 = 1
    private(set) var hasQuery = false
    /// The path has `%`, or a dot behind a slash.
    private(set) var pathNeedsNormalization = false
    private(set) var methodName = Slice.empty
    private(set) var target = Slice.empty
    private(set) var path = Slice.empty
    private(set) var query = Slice.empty
    /// Of the absolute and the authority form.
    private(set) var authority = Slice.empty
    private(set) var hostNameEnd: UInt32 = 0

    /// The next byte to look at; behind the line when it is complete.
    private(set) var cursor = 0
    private var phase = Phase.start
    private var lineStart = 0
    private var targetStart = 0
    /// Behind the first `?`.
    private var queryStart = 0

    @inline(__always)
    mutating func parse(_ bytes: Span<UInt8>, limit: Int) -> HeadProgress {
        if phase == .start, let progress = begin(bytes) { return progress }
        let end = min(bytes.count, lineStart &+ limit)
        if phase == .method, let progress = parseMethod(bytes, to: end) { return progress }
        if phase == .path, let progress = parsePath(bytes, to: end) { return progress }
        if phase == .query, let progress = parseQuery(bytes, to: end) { return progress }
        return parseVersion(bytes, to: end)
    }

    /// RFC 9112 section 2.2: an empty line before the request line is skipped; one, no more.
    @inline(__always)
    private mutating func begin(_ bytes: Span<UInt8>) -> HeadProgress? {
        guard bytes.count > 0 else { return .incomplete }
        if bytes[0] < 0x20 {
            guard bytes[0] == UInt8(ascii: "\r") else {
                return .invalid(bytes[0] == UInt8(ascii: "\n") ? .bareLineFeed : .controlByte)
            }
            guard bytes.count > 1 else { return .incomplete }
            guard bytes[1] == UInt8(ascii: "\n") else { return .invalid(.bareCarriageReturn) }
            lineStart = 2
            cursor = 2
        }
        phase = .method
        return nil
    }

    @inline(__always)
    private mutating func parseMethod(_ bytes: Span<UInt8>, to end: Int) -> HeadProgress? {
        if end &- lineStart >= 4, bytes.matches("GET ", at: lineStart, ignoringCase: false) {
            cursor = lineStart &+ 3
            method = .get
        } else {
            let token = ByteClass.token
            var at = cursor
            while at < end, token.contains(bytes[at]) { at &+= 1 }
            cursor = at
            if at == end { return ranOut(bytes, end) }
            guard at > lineStart, bytes[at] == 0x20 else { return .invalid(Self.fault(bytes[at], or: .badMethod)) }
            method = Method(bytes, from: lineStart, to: at)
        }
        methodName = Slice(lineStart, cursor)
        cursor &+= 1
        targetStart = cursor
        phase = .path
        return nil
    }

    @inline(__always)
    private mutating func parsePath(_ bytes: Span<UInt8>, to end: Int) -> HeadProgress? {
        var at = cursor
        while true {
            at = bytes.endOfPlainPath(from: at, to: end)
            guard at < end else { break }
            switch bytes[at] {
            case 0x20:
                path = Slice(targetStart, at)
                return endTarget(bytes, at: at)
            case UInt8(ascii: "?"):
                path = Slice(targetStart, at)
                hasQuery = true
                queryStart = at &+ 1
                cursor = queryStart
                phase = .query
                return nil
            case UInt8(ascii: "."):
                if bytes[at &- 1] == UInt8(ascii: "/") { pathNeedsNormalization = true }
            case UInt8(ascii: "%"):
                pathNeedsNormalization = true
            default:
                return .invalid(Self.faultInTarget(bytes[at]))
            }
            at &+= 1
        }
        cursor = at
        return ranOut(bytes, end)
    }

    private mutating func parseQuery(_ bytes: Span<UInt8>, to end: Int) -> HeadProgress? {
        cursor = bytes.endOfQuery(from: cursor, to: end)
        guard cursor < end else { return ranOut(bytes, end) }
        guard bytes[cursor] == 0x20 else { return .invalid(Self.faultInTarget(bytes[cursor])) }
        query = Slice(queryStart, cursor)
        return endTarget(bytes, at: cursor)
    }

    @inline(__always)
    private mutating func endTarget(_ bytes: Span<UInt8>, at: Int) -> HeadProgress? {
        target = Slice(targetStart, at)
        guard bytes[targetStart] == UInt8(ascii: "/"), method != .connect else {
            return classifyTarget(bytes, at: at)
        }
        cursor = at &+ 1
        phase = .version
        return nil
    }

    /// Every form but the origin form.
    @inline(never)
    private mutating func classifyTarget(_ bytes: Span<UInt8>, at: Int) -> HeadProgress? {
        cursor = at &+ 1
        phase = .version
        if method == .connect {
            form = .authority
            authority = target
            let nameEnd = Authority.endOfHost(bytes, from: targetStart, to: at)
            // The port has no default here (RFC 9110 section 9.3.6).
            guard nameEnd > 0, nameEnd &+ 1 < at else { return .invalid(.badTarget) }
            hostNameEnd = UInt32(truncatingIfNeeded: nameEnd)
            path = target
            return nil
        }
        if target.count == 1, bytes[targetStart] == UInt8(ascii: "*") {
            form = .asterisk
            return method == .options ? nil : .invalid(.badTarget)
        }
        let schemeLength: Int
        if target.count > 7, bytes.matches("http://", at: targetStart, ignoringCase: true) {
            schemeLength = 7
        } else if target.count > 8, bytes.matches("https://", at: targetStart, ignoringCase: true) {
            schemeLength = 8
        } else {
            return .invalid(.badTarget)
        }
        let start = targetStart &+ schemeLength
        var authorityEnd = start
        while authorityEnd < at, bytes[authorityEnd] != UInt8(ascii: "/"), bytes[authorityEnd] != UInt8(ascii: "?") {
            authorityEnd &+= 1
        }
        let nameEnd = Authority.endOfHost(bytes, from: start, to: authorityEnd)
        guard nameEnd > 0 else { return .invalid(.badTarget) }
        authority = Slice(start, authorityEnd)
        hostNameEnd = UInt32(truncatingIfNeeded: nameEnd)
        form = .absolute
        let pathEnd = hasQuery ? queryStart &- 1 : at
        if pathEnd > authorityEnd {
            path = Slice(authorityEnd, pathEnd)
        } else {
            // No path means "/", and the slash before the authority is one.
            path = Slice(start &- 1, start)
            if method == .options, !hasQuery { form = .asterisk }
        }
        return nil
    }

    @inline(__always)
    private mutating func parseVersion(_ bytes: Span<UInt8>, to end: Int) -> HeadProgress {
        if end &- cursor >= 10, bytes.matches("HTTP/1.1\r\n", at: cursor, ignoringCase: false) {
            minorVersion = 1
            cursor &+= 10
            return .complete
        }
        return parseAnyVersion(bytes, to: end)
    }

    /// Looks at each byte in turn, so that what cannot become a version is refused without waiting for more.
    @inline(never)
    private mutating func parseAnyVersion(_ bytes: Span<UInt8>, to end: Int) -> HeadProgress {
        switch HTTPVersion.parse(bytes, at: cursor, to: end) {
        case .incomplete: return ranOut(bytes, end)
        case .invalid(let fault): return .invalid(fault)
        case .version(let minor):
            guard cursor &+ 9 <= end &- 1 else {
                if cursor &+ 8 == end || bytes[cursor &+ 8] == UInt8(ascii: "\r") { return ranOut(bytes, end) }
                return .invalid(Self.fault(bytes[cursor &+ 8], or: .badVersion))
            }
            guard bytes[cursor &+ 8] == UInt8(ascii: "\r") else {
                return .invalid(Self.fault(bytes[cursor &+ 8], or: .badVersion))
            }
            guard bytes[cursor &+ 9] == UInt8(ascii: "\n") else { return .invalid(.bareCarriageReturn) }
            minorVersion = minor
            cursor &+= 10
            return .complete
        }
    }

    @inline(__always)
    private func ranOut(_ bytes: Span<UInt8>, _ end: Int) -> HeadProgress {
        bytes.count > end ? .invalid(.targetTooLong) : .incomplete
    }

    private static func fault(_ byte: UInt8, or other: MessageFault) -> MessageFault {
        byte == UInt8(ascii: "\n") ? .bareLineFeed : other
    }

    @inline(never)
    private static func faultInTarget(_ byte: UInt8) -> MessageFault {
        switch byte {
        case UInt8(ascii: "\r"): .missingVersion
        case UInt8(ascii: "\n"): .bareLineFeed
        case UInt8(ascii: "#"): .fragmentInTarget
        default: .badTargetByte
        }
    }
}
