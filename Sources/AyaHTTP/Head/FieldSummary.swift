/// What the fields of a head say about framing, routing and the connection, gathered while they are parsed.
///
/// A second look through the fields would cost as much as the first; and a contradiction is seen at its second field.
struct FieldSummary {
    struct Flags: OptionSet {
        let rawValue: UInt16
        static var hasHost: Flags { Flags(rawValue: 1) }
        static var hasContentLength: Flags { Flags(rawValue: 2) }
        static var chunked: Flags { Flags(rawValue: 4) }
        static var close: Flags { Flags(rawValue: 8) }
        static var keepAlive: Flags { Flags(rawValue: 16) }
        /// `Connection` has the option `upgrade`.
        static var upgradeOption: Flags { Flags(rawValue: 32) }
        static var hasUpgrade: Flags { Flags(rawValue: 64) }
        static var expectsContinue: Flags { Flags(rawValue: 128) }
        static var acceptsTrailers: Flags { Flags(rawValue: 256) }
        /// `Connection` names fields beyond the usual ones.
        static var namedOptions: Flags { Flags(rawValue: 512) }
    }

    /// Marking what options name takes options × fields steps; so many options no honest sender has.
    private static var mostConnectionOptions: UInt8 { 32 }

    var flags: Flags = []
    var contentLength: UInt64 = 0
    var host = Slice.empty
    /// Where the host ends and its port begins.
    var hostNameEnd: UInt32 = 0
    var upgrade = Slice.empty
    private var connectionOptions: UInt8 = 0

    /// Looks into a field for which `steersParsing` holds.
    @inline(__always)
    mutating func note(_ known: FieldName, _ value: Slice, of bytes: Span<UInt8>) -> MessageFault? {
        let start = Int(value.start)
        let end = Int(value.end)
        switch known {
        case .host:
            if flags.contains(.hasHost) { return .repeatedHost }
            flags.insert(.hasHost)
            host = value
            let nameEnd = Authority.endOfHost(bytes, from: start, to: end)
            guard nameEnd > 0 else { return .badHost }
            hostNameEnd = UInt32(truncatingIfNeeded: nameEnd)
        case .contentLength:
            if flags.contains(.hasContentLength) { return .repeatedContentLength }
            flags.insert(.hasContentLength)
            guard noteContentLength(bytes, from: start, to: end) else { return .badContentLength }
            if flags.contains(.chunked) { return .lengthAndTransferEncoding }
        case .connection:
            return noteConnection(bytes, from: start, to: end)
        case .transferEncoding:
            return noteTransferEncoding(bytes.extracting(value.range))
        case .te:
            if bytes.extracting(value.range).listContains("trailers") { flags.insert(.acceptsTrailers) }
        case .upgrade:
            if !flags.contains(.hasUpgrade), !value.isEmpty {
                flags.insert(.hasUpgrade)
                upgrade = value
            }
        case .expect:
            if bytes.extracting(value.range).equalsIgnoringCase("100-continue") { flags.insert(.expectsContinue) }
        default:
            // The remaining names that steer only end at this hop, which their field already says.
            break
        }
        return nil
    }

    /// Digits alone, at most `Int64.max` (RFC 9112 section 6.3 makes anything else an unrecoverable error).
    @inline(__always)
    private mutating func noteContentLength(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Bool {
        guard start < end, end &- start <= 19 else { return false }
        var value: UInt64 = 0
        var at = start
        while at < end {
            let digit = bytes[at] &- 48
            guard digit < 10 else { return false }
            // Nineteen digits stay below 2^64.
            value = value &* 10 &+ UInt64(digit)
            at &+= 1
        }
        contentLength = value
        return value <= UInt64(Int64.max)
    }

    @inline(never)
    private mutating func noteTransferEncoding(_ value: Span<UInt8>) -> MessageFault? {
        if flags.contains(.chunked) { return .repeatedTransferEncoding }
        guard value.equalsIgnoringCase("chunked") else {
            // With chunked in any other place the end of the body is a matter of opinion; without it the coding is
            // merely one that is not understood.
            var elements = ListScanner()
            var count = 0
            var chunkedAt = 0
            while let element = elements.next(value) {
                count &+= 1
                let coding = value.extracting(element)
                let isChunked =
                    coding.count >= 7 && coding.extracting(0..<7).equalsIgnoringCase("chunked")
                    && (coding.count == 7 || !ByteClass.token.contains(coding[7]))
                if isChunked { chunkedAt = chunkedAt == 0 && coding.count == 7 ? count : -1 }
            }
            if count == 0 || chunkedAt < 0 { return .badTransferEncoding }
            if chunkedAt == 0 || chunkedAt == count && count > 1 { return .unsupportedTransferCoding }
            return .badTransferEncoding
        }
        flags.insert(.chunked)
        return flags.contains(.hasContentLength) ? .lengthAndTransferEncoding : nil
    }

    @inline(__always)
    private mutating func noteConnection(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> MessageFault? {
        let count = end &- start
        if count == 10, bytes.matches("keep-alive", at: start, ignoringCase: true) {
            flags.insert(.keepAlive)
            return nil
        }
        if count == 5, bytes.matches("close", at: start, ignoringCase: true) {
            flags.insert(.close)
            return nil
        }
        return noteConnectionOptions(bytes.extracting(start..<end))
    }

    @inline(never)
    private mutating func noteConnectionOptions(_ value: Span<UInt8>) -> MessageFault? {
        var elements = ListScanner()
        while let element = elements.next(value) {
            connectionOptions &+= 1
            if connectionOptions > Self.mostConnectionOptions { return .tooManyConnectionOptions }
            let option = value.extracting(element)
            if option.equalsIgnoringCase("close") {
                flags.insert(.close)
            } else if option.equalsIgnoringCase("keep-alive") {
                flags.insert(.keepAlive)
            } else if option.equalsIgnoringCase("upgrade") {
                flags.insert(.upgradeOption)
            } else if !option.equalsIgnoringCase("te") {
                flags.insert(.namedOptions)
            }
        }
        return nil
    }
}
