/// The parser behind `RequestHead`: first the line, then the fields, then what they mean together.
struct RequestState {
    private enum Phase: UInt8 { case line, fields, complete }

    private(set) var line = RequestLine()
    private(set) var section = FieldSection(store: FieldStore(capacity: 32))
    private(set) var framing = BodyFraming.none
    private(set) var keepAlive = false
    private(set) var authority = Slice.empty
    private(set) var host = Slice.empty
    private var phase = Phase.line

    @inline(__always)
    mutating func reset() {
        line = RequestLine()
        section.begin(at: 0)
        framing = .none
        authority = .empty
        host = .empty
        phase = .line
    }

    mutating func parse(_ bytes: Span<UInt8>, limits: HeadLimits) -> HeadProgress {
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
        if let fault = conclude(bytes) { return .invalid(fault) }
        phase = .complete
        return .complete
    }

    var upgrade: Slice? {
        let flags = section.summary.flags
        return line.minorVersion == 1 && flags.contains([.upgradeOption, .hasUpgrade]) ? section.summary.upgrade : nil
    }

    @inline(__always)
    private mutating func conclude(_ bytes: Span<UInt8>) -> MessageFault? {
        let flags = section.summary.flags
        if line.form == .absolute || line.authority.count > 0 {
            // RFC 9112 section 3.2.2: the target's authority replaces what Host says; Host must be there all the same.
            authority = line.authority
            host = Slice(start: line.authority.start, end: line.hostNameEnd)
        } else {
            authority = section.summary.host
            host = Slice(start: section.summary.host.start, end: section.summary.hostNameEnd)
        }
        if !flags.contains(.hasHost), line.minorVersion == 1 { return .missingHost }
        if flags.contains(.chunked) {
            // RFC 9112 section 6.1: such a message has to be taken as faulty framing.
            guard line.minorVersion == 1 else { return .transferEncodingInOldVersion }
            framing = .chunked
        } else if flags.contains(.hasContentLength), section.summary.contentLength > 0 {
            framing = .length(section.summary.contentLength)
        } else {
            framing = .none
        }
        keepAlive = !flags.contains(.close) && (line.minorVersion == 1 || flags.contains(.keepAlive))
        if flags.contains(.namedOptions) { section.markConnectionOptions(bytes) }
        return nil
    }
}
