/// Parses field lines up to the empty line, in place and as they arrive (RFC 9112 section 5).
///
/// Heads of both directions and trailers share it. It remembers where it stopped inside a line, so that a head which
/// arrives byte by byte costs the same in all as one that arrives at once, and gives the same result.
struct FieldSection {
    /// Nothing keeps the fields of a section without a store; they are only checked.
    private var store: FieldStore?
    private var count = 0
    private(set) var summary = FieldSummary()
    /// The next byte to look at.
    private(set) var cursor = 0
    private var sectionStart = 0
    private var lineStart = 0
    /// Offset of the colon of the current line; -1 while its name is not complete.
    private var colon = -1

    /// Prepares for a section that begins at `start`.
    @inline(__always)
    mutating func begin(at start: Int) {
        count = 0
        summary = FieldSummary()
        cursor = start
        sectionStart = start
        lineStart = start
        colon = -1
    }

    init(store: FieldStore?) { self.store = store }

    var fields: FieldList { FieldList(store, count: store == nil ? 0 : count) }

    /// `steering` is false for trailers, whose fields have no say in framing or routing.
    mutating func parse(
        _ bytes: Span<UInt8>, headerBytes: Int, headerCount: Int, steering: Bool
    ) -> HeadProgress {
        let end = min(bytes.count, sectionStart &+ headerBytes)
        var fields = store?.slots
        while true {
            if colon < 0 {
                let at = bytes.endOfName(from: cursor, to: end)
                if at == end { return stop(at: at, bytes.count > end) }
                if bytes[at] != UInt8(ascii: ":") {
                    guard at == lineStart, bytes[at] == UInt8(ascii: "\r") else {
                        return .invalid(Self.faultOfLineWithoutColon(bytes, from: lineStart, stop: at, to: end))
                    }
                    if at &+ 1 == end { return stop(at: at, bytes.count > end) }
                    guard bytes[at &+ 1] == UInt8(ascii: "\n") else { return .invalid(.bareCarriageReturn) }
                    cursor = at &+ 2
                    return .complete
                }
                colon = at
                cursor = at &+ 1
            }
            var valueEnd = bytes.endOfValue(from: cursor, to: end)
            if valueEnd &+ 1 >= end {
                // The CR too is looked at again when its LF is there.
                if valueEnd == end || bytes[valueEnd] == UInt8(ascii: "\r") {
                    return stop(at: valueEnd, bytes.count > end)
                }
                return .invalid(bytes[valueEnd] == UInt8(ascii: "\n") ? .bareLineFeed : .badFieldValue)
            }
            guard bytes[valueEnd] == UInt8(ascii: "\r"), bytes[valueEnd &+ 1] == UInt8(ascii: "\n") else {
                return .invalid(Self.faultOfValueEnd(bytes[valueEnd]))
            }
            let nextLine = valueEnd &+ 2
            var valueStart = colon &+ 1
            while valueStart < valueEnd, bytes[valueStart].isOptionalWhitespace { valueStart &+= 1 }
            while valueEnd > valueStart, bytes[valueEnd &- 1].isOptionalWhitespace { valueEnd &-= 1 }

            let known = FieldName.recognise(bytes, from: lineStart, to: colon)
            if known == .other, let fault = Self.faultOfName(bytes, from: lineStart, to: colon) {
                return .invalid(fault)
            }
            guard count < headerCount else { return .invalid(.tooManyFields) }
            let value = Slice(valueStart, valueEnd)
            if fields?.isFull(at: count) == true { fields = grow() }
            fields?.write(
                Field(
                    name: Slice(lineStart, colon), value: value, known: known,
                    isHopByHop: known.isAlwaysHopByHop),
                at: count)
            count &+= 1
            if known.steersParsing, steering, let fault = summary.note(known, value, of: bytes) {
                return .invalid(fault)
            }
            lineStart = nextLine
            cursor = nextLine
            colon = -1
        }
    }

    /// Marks what the `Connection` options name (RFC 9110 section 7.6.1). Only after `parse` was complete.
    @inline(never)
    func markConnectionOptions(_ bytes: Span<UInt8>) {
        guard let store else { return }
        for field in fields where field.known == .connection {
            let value = bytes.extracting(field.value.range)
            var tokens = ListScanner()
            while let option = tokens.next(value) {
                let name = value.extracting(option)
                for index in 0..<count where store[index].name.count == name.count {
                    guard !store[index].known.isProtectedFromConnection else { continue }
                    if bytes.extracting(store[index].name.range).equalsIgnoringCase(name) {
                        store[index].isHopByHop = true
                    }
                }
            }
        }
    }

    @inline(never)
    private mutating func grow() -> FieldStore.Slots? {
        store = store?.grown()
        return store?.slots
    }

    @inline(__always)
    private mutating func stop(at cursor: Int, _ beyondLimit: Bool) -> HeadProgress {
        self.cursor = cursor
        return beyondLimit ? .invalid(.headersTooLarge) : .incomplete
    }

    @inline(never)
    private static func faultOfValueEnd(_ stop: UInt8) -> MessageFault {
        switch stop {
        case UInt8(ascii: "\r"): .bareCarriageReturn
        case UInt8(ascii: "\n"): .bareLineFeed
        default: .badFieldValue
        }
    }

    @inline(never)
    private static func faultOfLineWithoutColon(
        _ bytes: Span<UInt8>, from start: Int, stop: Int, to end: Int
    ) -> MessageFault {
        if bytes[start].isOptionalWhitespace { return .foldedLine }
        switch bytes[stop] {
        case UInt8(ascii: "\n"): return .bareLineFeed
        case UInt8(ascii: "\r"): return .missingColon
        case UInt8(ascii: "\t"): return .spaceBeforeColon
        default: return stop == start ? .controlByte : .badFieldName
        }
    }

    private static func faultOfName(_ bytes: Span<UInt8>, from start: Int, to colon: Int) -> MessageFault? {
        let token = ByteClass.token
        var at = bytes.endOfPlainName(from: start, to: colon)
        while at < colon, token.contains(bytes[at]) { at &+= 1 }
        if at == colon { return colon == start ? .emptyFieldName : nil }
        if at == start, bytes[at].isOptionalWhitespace { return .foldedLine }
        // Whether white space is all that separates the name from its colon.
        while at < colon, bytes[at].isOptionalWhitespace { at &+= 1 }
        return at == colon ? .spaceBeforeColon : .badFieldName
    }
}

extension UInt8 {
    /// Space or tab: `OWS` of RFC 9110 section 5.6.3.
    @inline(__always) var isOptionalWhitespace: Bool { self == 0x20 || self == 0x09 }
}
