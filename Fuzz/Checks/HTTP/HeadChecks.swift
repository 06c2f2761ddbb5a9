internal import AyaCore
internal import AyaHTTP

/// What must hold for any bytes at all. A violation traps, which a fuzzer and a test run both notice.
enum HeadChecks {
    /// Everything that a head says, as values.
    struct Meaning: Equatable {
        var line: [[UInt8]] = []
        var numbers: [Int] = []
        var fields: [[UInt8]] = []
        var known: [FieldName] = []
        var hops: [Bool] = []
        var framing = BodyFraming.none
        var flags: [Bool] = []
    }

    enum Result: Equatable {
        case complete(Meaning, byteCount: Int)
        case incomplete
        case invalid(MessageFault)
    }

    static let limits = HeadLimits(requestLine: 1024, headerCount: 24, headerBytes: 2048)

    static func request(_ bytes: [UInt8]) {
        let whole = parseRequest(bytes, cuts: [])
        for cuts in Cuts.of(bytes) { precondition(parseRequest(bytes, cuts: cuts) == whole, "split differs") }
        guard case .complete(let meaning, let count) = whole else { return }
        precondition(parseRequest(Array(bytes[..<count]), cuts: []) == whole, "depends on what follows")
        var copy = meaning.line[0] + [32] + meaning.line[1] + Array(" HTTP/1.\(meaning.numbers[0])\r\n".utf8)
        copy += lines(meaning.fields) + [13, 10]
        guard case .complete(let again, copy.count) = parseRequest(copy, cuts: []) else {
            preconditionFailure("what was written is no head")
        }
        precondition(again == meaning, "means something else when written anew")
        normalization(meaning.line[2])
    }

    static func response(_ bytes: [UInt8]) {
        for method in [Method.get, .head] {
            let whole = parseResponse(bytes, method, cuts: [])
            for cuts in Cuts.of(bytes) {
                precondition(parseResponse(bytes, method, cuts: cuts) == whole, "split differs")
            }
            guard case .complete(let meaning, let count) = whole else { continue }
            precondition(parseResponse(Array(bytes[..<count]), method, cuts: []) == whole, "depends on what follows")
            var copy = Array("HTTP/1.\(meaning.numbers[0]) \(meaning.numbers[1]) ".utf8) + meaning.line[0] + [13, 10]
            copy += lines(meaning.fields) + [13, 10]
            guard case .complete(let again, copy.count) = parseResponse(copy, method, cuts: []) else {
                // The space that a server left out can take the line over its limit.
                precondition(copy.count > count, "what was written is no head")
                continue
            }
            precondition(again == meaning, "means something else when written anew")
        }
    }

    private static func parseRequest(_ bytes: [UInt8], cuts: [Int]) -> Result {
        let head = RequestHead()
        for cut in cuts + [bytes.count] {
            switch head.parse(bytes.span.extracting(0..<cut), limits: limits) {
            case .incomplete: continue
            case .invalid(let fault): return .invalid(fault)
            case .complete: return .complete(meaning(head, bytes), byteCount: head.byteCount)
            }
        }
        return .incomplete
    }

    private static func parseResponse(_ bytes: [UInt8], _ method: Method, cuts: [Int]) -> Result {
        let head = ResponseHead()
        for cut in cuts + [bytes.count] {
            switch head.parse(bytes.span.extracting(0..<cut), limits: limits, requestMethod: method) {
            case .incomplete: continue
            case .invalid(let fault): return .invalid(fault)
            case .complete: return .complete(meaning(head, bytes), byteCount: head.byteCount)
            }
        }
        return .incomplete
    }

    private static func meaning(_ head: RequestHead, _ bytes: [UInt8]) -> Meaning {
        var meaning = fields(head.fields, bytes)
        func copy(_ slice: Slice) -> [UInt8] { Array(bytes[slice.range]) }
        meaning.line = [head.methodName, head.target, head.path, head.authority, head.host].map(copy)
        if let query = head.query { meaning.line.append(copy(query)) }
        if let upgrade = head.upgrade { meaning.line.append(copy(upgrade)) }
        meaning.numbers = [Int(head.minorVersion), Int(head.form.rawValue), Int(head.method.rawValue)]
        meaning.framing = head.framing
        meaning.flags = [head.keepAlive, head.expectsContinue, head.acceptsTrailers, head.pathNeedsNormalization]
        precondition(!meaning.line[2].contains(UInt8(ascii: "?")), "a query in the path")
        precondition(head.minorVersion == 0 || !meaning.line[3].isEmpty, "no authority")
        precondition(meaning.line[3].starts(with: meaning.line[4]), "host and authority differ")
        precondition(head.form != .origin || meaning.line[2].first == UInt8(ascii: "/"), "no path")
        let lengths = meaning.known.count { $0 == .contentLength }
        let codings = meaning.known.count { $0 == .transferEncoding }
        precondition(lengths + codings <= 1, "two lengths")
        precondition((codings == 1) == (head.framing == .chunked), "chunked or not")
        precondition(head.framing != .untilClose, "no request ends by closing")
        return meaning
    }

    private static func meaning(_ head: ResponseHead, _ bytes: [UInt8]) -> Meaning {
        var meaning = fields(head.fields, bytes)
        meaning.line = [Array(bytes[head.reason.range])]
        meaning.numbers = [Int(head.minorVersion), head.status]
        meaning.framing = head.framing
        meaning.flags = [head.keepAlive, head.isInterim]
        precondition((100...599).contains(head.status), "no status")
        let lengths = meaning.known.count { $0 == .contentLength || $0 == .transferEncoding }
        precondition(lengths <= 1, "two lengths")
        precondition(head.framing != .untilClose || !head.keepAlive, "alive without an end")
        return meaning
    }

    private static func fields(_ fields: FieldList, _ bytes: [UInt8]) -> Meaning {
        var meaning = Meaning()
        for field in fields {
            let name = Array(bytes[field.name.range])
            let value = Array(bytes[field.value.range])
            precondition(!name.isEmpty && name.allSatisfy { $0 > 32 && $0 < 127 && $0 != 58 }, "no name")
            precondition(value.allSatisfy { $0 >= 32 && $0 != 127 || $0 == 9 }, "a control byte in a value")
            precondition(value.first != 32 && value.last != 32 && value.first != 9 && value.last != 9, "not trimmed")
            precondition(field.known == FieldName(name.span), "recognised in one place only")
            meaning.fields += [name, value]
            meaning.known.append(field.known)
            meaning.hops.append(field.isHopByHop)
        }
        return meaning
    }

    private static func lines(_ fields: [[UInt8]]) -> [UInt8] {
        var lines: [UInt8] = []
        for (index, part) in fields.enumerated() { lines += part + (index % 2 == 0 ? [58] : [13, 10]) }
        return lines
    }

    /// A normalized path is its own normal form, has no dot segment, and is no longer than it was.
    private static func normalization(_ path: [UInt8]) {
        guard path.first == UInt8(ascii: "/") else { return }
        let once = Buffer(capacity: 2048)
        guard PathNormalizer.normalize(path.span, into: once) == nil else { return }
        let bytes = unsafe Array(once.unread)
        precondition(bytes.count <= path.count && bytes.first == UInt8(ascii: "/"), "no path any more")
        for segment in bytes.split(separator: UInt8(ascii: "/")) {
            precondition(segment != [46] && segment != [46, 46], "a dot segment stays")
        }
        let twice = Buffer(capacity: 2048)
        precondition(PathNormalizer.normalize(bytes.span, into: twice) == nil, "not normal")
        precondition(unsafe Array(twice.unread) == bytes, "not normal")
    }
}

/// Where a message is cut, derived from its bytes so that a finding replays.
enum Cuts {
    static func of(_ bytes: [UInt8]) -> [[Int]] {
        guard !bytes.isEmpty else { return [] }
        let seed = bytes.reduce(UInt64(bytes.count)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        var random = RandomSource(seed: seed)
        let some = (0..<3).map { _ in Int.random(in: 0...bytes.count, using: &random) }.sorted()
        return bytes.count <= 64 ? [some, Array(0..<bytes.count)] : [some]
    }
}
