package import AyaCore

/// Whether a message is of gRPC, by its `Content-Type` (PROTOCOL-HTTP2.md and PROTOCOL-WEB.md of its specification).
package enum GRPCKind: UInt8, Sendable {
    case none
    /// Over HTTP/2, with trailers.
    case plain
    /// For browsers, which see no trailers: these stand at the end of the body.
    case web
    /// The same in base64.
    case webText

    /// The type without how messages are encoded; empty for `none`.
    package var name: StaticString {
        switch self {
        case .none: ""
        case .plain: "application/grpc"
        case .web: "application/grpc-web"
        case .webText: "application/grpc-web-text"
        }
    }

    package init(contentType text: Span<UInt8>) {
        self = .none
        guard let end = Self.end(of: "application/grpc", in: text) else { return }
        if Self.isEnd(text, end) {
            self = .plain
        } else if let end = Self.end(of: "-web", in: text, from: end) {
            if Self.isEnd(text, end) {
                self = .web
            } else if let end = Self.end(of: "-text", in: text, from: end), Self.isEnd(text, end) {
                self = .webText
            }
        }
    }

    private static func end(of word: StaticString, in text: Span<UInt8>, from start: Int = 0) -> Int? {
        let end = start + word.utf8CodeUnitCount
        guard text.count >= end, text.extracting(start..<end).equalsIgnoringCase(word) else { return nil }
        return end
    }

    /// The name is over; what follows says how messages are encoded.
    private static func isEnd(_ text: Span<UInt8>, _ at: Int) -> Bool {
        at == text.count || text[at] == UInt8(ascii: "+") || text[at] == UInt8(ascii: ";")
    }
}

/// The value of `grpc-timeout`: at most eight digits and a unit.
package enum GRPCTimeout {
    /// Nil when it is malformed; the specification gives no other meaning to that.
    package static func parse(_ text: Span<UInt8>) -> Interval? {
        guard (2...9).contains(text.count) else { return nil }
        var number: Int64 = 0
        for index in 0..<text.count - 1 {
            let digit = text[index] &- 48
            guard digit < 10 else { return nil }
            number = number * 10 + Int64(digit)
        }
        let unit: Int64
        switch text[text.count - 1] {
        case UInt8(ascii: "H"): unit = 3_600_000_000_000
        case UInt8(ascii: "M"): unit = 60_000_000_000
        case UInt8(ascii: "S"): unit = 1_000_000_000
        case UInt8(ascii: "m"): unit = 1_000_000
        case UInt8(ascii: "u"): unit = 1_000
        case UInt8(ascii: "n"): unit = 1
        default: return nil
        }
        // Beyond a year nobody waits, and nothing overflows.
        let most: Int64 = 365 * 24 * 3_600_000_000_000
        return Interval(nanoseconds: number > most / unit ? most : number * unit)
    }
}

extension Span where Element == UInt8 {
    /// The status among trailer lines; nil without one.
    package var grpcStatus: GRPCStatus? {
        var walk = TrailerLines()
        while let field = walk.next(self) {
            if extracting(field.name.range).equalsIgnoringCase("grpc-status") {
                return GRPCStatus(decimal: extracting(field.value.range))
            }
        }
        return nil
    }
}
