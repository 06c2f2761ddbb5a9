internal import AyaCore

/// The written form of a wish, as a query or a command line has it: `status=5xx`, `path=/api/*`, `slower_than=250ms`.
extension TapWish {
    /// Why a condition is not understood.
    package struct Fault: Error, Sendable, Equatable, CustomStringConvertible {
        package let description: String
    }

    /// Every key that is understood, for messages and for the command line.
    package static let keys = [
        "route", "listener", "pool", "server", "status", "method", "path", "header", "client", "reason", "slower_than",
        "sample", "rate", "limit",
    ]

    /// - Parameters:
    ///   - conditions: a key may come several times: one of the values must hold, of `header` all.
    ///   - duration: reads `250ms`.
    package init(
        _ conditions: [(key: String, value: String)], duration: (String) -> Duration?
    ) throws(Fault) {
        self.init()
        for (key, value) in conditions {
            switch key {
            case "route": filter.routes += Self.names(value)
            case "listener": filter.listeners += Self.names(value)
            case "pool": filter.pools += Self.names(value)
            case "server": filter.servers += Self.names(value)
            case "method": filter.methods += Self.names(value.uppercased())
            case "status": filter.statuses += try Self.statuses(value)
            case "reason": filter.reasons += try Self.reasons(value)
            case "client": filter.clients += try Self.clients(value)
            case "header": filter.fields.append(try Self.field(value))
            case "path":
                filter.path = value.hasSuffix("*") ? .below(Array(value.utf8.dropLast())) : .exactly(Array(value.utf8))
            case "slower_than":
                guard let time = duration(value) else { throw Fault(key, value, "a duration such as 250ms") }
                filter.slowerThan = Interval(time)
            case "sample": share = try Self.share(value)
            case "rate": rate = try Self.number(key, value, 1...Self.largestRate)
            case "limit": limit = try Self.number(key, value, 1...1_000_000_000)
            default: throw Fault(description: "'\(key)' is none of \(Self.keys.joined(separator: ", "))")
            }
        }
    }

    private static func names(_ text: String) -> [[UInt8]] { text.split(separator: ",").map { Array($0.utf8) } }

    /// `503`, `5xx`, `400-499`; several with commas.
    private static func statuses(_ text: String) throws(Fault) -> [ClosedRange<Int>] {
        var found: [ClosedRange<Int>] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let bounds = part.split(separator: "-", maxSplits: 1).map { Int($0) }
            if part.count == 3, part.hasSuffix("xx"), let digit = part.first?.wholeNumberValue {
                found.append(digit * 100...digit * 100 + 99)
            } else if bounds.count == 1, let status = bounds[0], (0...999).contains(status) {
                found.append(status...status)
            } else if bounds.count == 2, let low = bounds[0], let high = bounds[1], low <= high {
                found.append(low...high)
            } else {
                throw Fault("status", text, "503, 5xx or 400-499")
            }
        }
        return found
    }

    private static func reasons(_ text: String) throws(Fault) -> [Reason] {
        var found: [Reason] = []
        for part in text.split(separator: ",") {
            guard let reason = Reason.allCases.first(where: { $0.code == part }) else {
                throw Fault("reason", text, "a reason of the access log, such as upstream_timeout")
            }
            found.append(reason)
        }
        return found
    }

    private static func clients(_ text: String) throws(Fault) -> [CIDR] {
        var found: [CIDR] = []
        for part in text.split(separator: ",") {
            guard let network = CIDR(String(part)) else { throw Fault("client", text, "an address or 10.0.0.0/8") }
            found.append(network)
        }
        return found
    }

    private static func field(_ text: String) throws(Fault) -> TapFilter.Field {
        let parts = text.split(separator: ":", maxSplits: 1)
        guard let name = parts.first?.trimmed, !name.isEmpty else { throw Fault("header", text, "name or name:value") }
        return TapFilter.Field(name: Array(name.utf8), value: parts.count > 1 ? Array(parts[1].trimmed.utf8) : nil)
    }

    /// `0.1` or `10%`.
    private static func share(_ text: String) throws(Fault) -> Double {
        let isPercentage = text.hasSuffix("%")
        guard let number = Double(isPercentage ? String(text.dropLast()) : text) else {
            throw Fault("sample", text, "a share such as 0.1 or 10%")
        }
        let share = isPercentage ? number / 100 : number
        guard share > 0, share <= 1 else { throw Fault("sample", text, "a share above 0 and up to 1") }
        return share
    }

    private static func number(_ key: String, _ text: String, _ range: ClosedRange<Int>) throws(Fault) -> Int {
        guard let number = Int(text), range.contains(number) else {
            throw Fault(key, text, "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}

extension TapWish.Fault {
    fileprivate init(_ key: String, _ value: String, _ wanted: String) {
        self.init(description: "\(key): '\(value)' is not \(wanted)")
    }
}

extension Substring {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
