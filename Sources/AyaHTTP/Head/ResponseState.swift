/// The parser behind `ResponseHead`: first the line, then the fields, then what they mean together.
struct ResponseState {
    private enum Phase: UInt8 { case line, fields, complete }

    private(set) var line = StatusLine()
    private(set) var section = FieldSection(store: FieldStore(capacity: 32))
    private(set) var framing = BodyFraming.none
    private(set) var keepAlive = false
    private var phase = Phase.line

    @inline(__always)
    mutating func reset() {
        line = StatusLine()
        section.begin(at: 0)
        framing = .none
        phase = .line
    }

    mutating func parse(_ bytes: Span<UInt8>, limits: HeadLimits, requestMethod: Method) -> HeadProgress {
        if phase == .complete { return .complete }
        if phase == .line {
            let progress = line.parse(bytes, limit: min(limits.requestLine, HeadLimits.longestHead))
            guard case .complete = progress else { return progress }
            section.begin(at: line.cursor)
            phase = .fields
        }
        let progress = section.parse(
            bytes, headerBytes: min(limits.headerBytes, HeadLimits.longestHead), headerCount: limits.headerCount,
            steering: true)
        guard case .complete = progress else { return progress }
        if let fault = conclude(bytes, requestMethod) { return .invalid(fault) }
        phase = .complete
        return .complete
    }

    @inline(__always)
    private mutating func conclude(_ bytes: Span<UInt8>, _ requestMethod: Method) -> MessageFault? {
        let summary = section.summary
        let flags = summary.flags
        keepAlive = !flags.contains(.close) && (line.minorVersion == 1 || flags.contains(.keepAlive))
        if flags.contains(.chunked), line.minorVersion == 0 { return .transferEncodingInOldVersion }
        if flags.contains(.namedOptions) { section.markConnectionOptions(bytes) }
        let announcesBody = flags.contains(.chunked) || summary.contentLength > 0
        if line.status < 200 {
            framing = .none
            return announcesBody ? .bodyWhereNoneMayBe : nil
        }
        if requestMethod == .head || line.status == 304 {
            framing = .none
        } else if line.status == 204 {
            framing = .none
            // A server that announces a body here may send it too, and it would be read as the next response.
            if announcesBody { keepAlive = false }
        } else if flags.contains(.chunked) {
            framing = .chunked
        } else if flags.contains(.hasContentLength) {
            framing = summary.contentLength > 0 ? .length(summary.contentLength) : .none
        } else {
            framing = .untilClose
            keepAlive = false
        }
        return nil
    }
}
