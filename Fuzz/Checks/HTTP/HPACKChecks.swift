internal import AyaCore
internal import AyaHTTP

/// What must hold for any bytes that are taken for blocks of fields, one after the other on one connection.
enum HPACKChecks {
    struct Line: Equatable {
        var name: [UInt8]
        var value: [UInt8]
    }

    static let limits: HTTP2Limits = {
        var limits = HTTP2Limits()
        limits.headerList = 4096
        limits.headerCount = 40
        return limits
    }()

    static func blocks(_ bytes: [UInt8]) {
        let decoder = HPACKDecoder()
        let again = HPACKDecoder()
        let encoder = HPACKEncoder()
        let mirror = HPACKDecoder()
        let block = FieldBlock(capacity: 1 << 15)
        for piece in pieces(bytes) {
            block.begin(limits: limits)
            let fault = decoder.decode(piece.span, into: block)
            precondition(decoder.table.size <= decoder.table.limit, "the table is larger than its limit")
            precondition(decoder.table.limit <= decoder.table.ceiling, "the limit is above its bound")
            precondition(decoder.table.count * 32 <= decoder.table.size, "entries that cost nothing")
            let (lines, size, isTooLarge) = (lines(block), block.listSize, block.isTooLarge)
            precondition(isTooLarge || size == lines.reduce(0) { $0 + $1.name.count + $1.value.count + 32 }, "the size")
            block.begin(limits: limits)
            precondition((again.decode(piece.span, into: block) == nil) == (fault == nil), "depends on more than bytes")
            precondition(self.lines(block) == lines, "depends on more than bytes")
            guard fault == nil else { return }
            if !isTooLarge { roundTrip(lines, encoder, mirror, block) }
            // A peer that changes its mind about the table.
            if piece.count % 5 == 4 { encoder.limitTable(to: piece.count * 7) }
            if piece.count % 7 == 6 { encoder.limitTable(to: 4096) }
        }
    }

    /// What is encoded is decoded as it was, its names in lower case.
    private static func roundTrip(
        _ lines: [Line], _ encoder: HPACKEncoder, _ mirror: HPACKDecoder, _ block: FieldBlock
    ) {
        let out = Buffer(capacity: 1 << 15)
        encoder.begin(out)
        for line in lines {
            encoder.field(line.name.span, line.value.span, known: FieldName(line.name.span), to: out)
        }
        precondition(!out.overflowed, "longer than it can be")
        block.begin(limits: limits)
        precondition(unsafe mirror.decode(out.unread.span, into: block) == nil, "what was encoded does not decode")
        let lower = lines.map { Line(name: $0.name.map(lowercased), value: $0.value) }
        precondition(self.lines(block) == lower, "means something else when encoded anew")
    }

    /// The first byte of each piece says how long it is.
    static func pieces(_ bytes: [UInt8]) -> [[UInt8]] {
        var found: [[UInt8]] = []
        var at = 0
        while at < bytes.count {
            let end = min(bytes.count, at + 1 + Int(bytes[at]))
            found.append(Array(bytes[at + 1..<end]))
            at = end
        }
        return found
    }

    static func lines(_ block: FieldBlock) -> [Line] {
        block.fields.map { unsafe Line(name: Array(block.name($0)), value: Array(block.value($0))) }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
