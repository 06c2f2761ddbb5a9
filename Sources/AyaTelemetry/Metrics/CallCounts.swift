package import AyaCore

/// What became of the calls of one method of gRPC.
package struct CallCounts: Counts {
    /// By the number of the status.
    package var statuses = CallStatusCounts()
    /// From the end of the request's head to the last byte of the response.
    package var duration = Histogram()

    package init() {}

    package mutating func add(_ other: CallCounts) {
        statuses.add(other.statuses)
        duration.add(other.duration)
    }
}

/// Calls by their status.
package struct CallStatusCounts: Sendable {
    private var counts = InlineArray<17, UInt64>(repeating: 0)

    package init() {}

    package subscript(status: GRPCStatus) -> UInt64 { counts[Int(status.rawValue)] }

    package mutating func record(_ status: GRPCStatus) { counts[Int(status.rawValue)] &+= 1 }

    mutating func add(_ other: CallStatusCounts) {
        for index in 0..<17 { counts[index] &+= other.counts[index] }
    }
}

/// The methods that one worker has seen, each with its counters.
///
/// A name is the path of a request, which anybody can make up: only what a server has answered as a method of its own
/// gets counters, and no more than so many; the rest is `other`.
package final class CallMetrics {
    private var methods: [UInt64: (name: [UInt8], live: Live<CallCounts>)] = [:]
    private let other = Live<CallCounts>(name: "other")

    package static let most = 200
    private static let longest = 200

    package init() {}

    package var samples: [Sample<CallCounts>] {
        let all = methods.values.map(\.live.sample).sorted { $0.name < $1.name }
        return other.counts.duration.count > 0 ? all + [other.sample] : all
    }

    /// A call that a server has ended.
    package func record(path: Span<UInt8>, status: GRPCStatus, duration: Interval) {
        let live = find(path, isKnown: status != .unimplemented)
        live.counts.statuses.record(status)
        live.counts.duration.record(duration.nanoseconds)
    }

    private func find(_ path: Span<UInt8>, isKnown: Bool) -> Live<CallCounts> {
        // FNV-1a; what shares a hash with another is `other`.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in 0..<path.count { hash = (hash ^ UInt64(path[index])) &* 0x0000_0100_0000_01b3 }
        if let (name, live) = methods[hash] { return Self.areEqual(name.span, path) ? live : other }
        guard isKnown, methods.count < Self.most, path.count <= Self.longest, Self.isMethod(path) else { return other }
        var name: [UInt8] = []
        for index in 0..<path.count { name.append(path[index]) }
        let live = Live<CallCounts>(name: String(decoding: name.dropFirst(), as: UTF8.self))
        methods[hash] = (name, live)
        return live
    }

    /// `/package.Service/Method`.
    private static func isMethod(_ path: Span<UInt8>) -> Bool {
        var slashes = 0
        for index in 0..<path.count {
            switch path[index] {
            case UInt8(ascii: "/"): slashes += 1
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                break
            default: return false
            }
        }
        return slashes == 2
    }

    private static func areEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        for index in 0..<left.count where left[index] != right[index] { return false }
        return true
    }
}
