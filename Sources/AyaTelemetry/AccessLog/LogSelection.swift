internal import AyaCore

/// Which records a reader takes.
package protocol RecordSelection: Sendable {
    func takes(_ record: PackedRecord) -> Bool
}

/// Which records an access log takes.
///
/// Of a sample's rest nothing is lost that matters: failures and slow exchanges are always taken.
package struct LogSelection: RecordSelection, Hashable {
    /// Names; empty: all.
    private let listeners: [[UInt8]]
    private let routes: [[UInt8]]
    /// Of 2^64; nil: everything.
    private let threshold: UInt64?
    private let slow: Int64

    /// - Parameter sample: the share of ordinary records that is taken.
    /// - Parameter slow: from which duration on an exchange is no ordinary one.
    package init(listeners: [String] = [], routes: [String] = [], sample: Double = 1, slow: Duration? = nil) {
        self.listeners = listeners.map { Array($0.utf8) }
        self.routes = routes.map { Array($0.utf8) }
        // 2^64 itself is no number of 64 bits.
        threshold = sample >= 1 ? nil : UInt64(max(0, sample) * 18_446_744_073_709_549_568)
        self.slow = slow.map { Interval($0).nanoseconds } ?? .max
    }

    package func takes(_ record: PackedRecord) -> Bool {
        if case .attempt = record.kind { return false }
        if !listeners.isEmpty, unsafe !Self.contains(listeners, record.text(.listener)) { return false }
        if !routes.isEmpty, unsafe !Self.contains(routes, record.text(.route)) { return false }
        guard let threshold else { return true }
        return record.isFailure || record.total.nanoseconds >= slow || record.lot < threshold
    }

    private static func contains(_ names: [[UInt8]], _ name: UnsafeBufferPointer<UInt8>) -> Bool {
        names.contains { unsafe $0.count == name.count && name.elementsEqual($0) }
    }
}

extension PackedRecord {
    /// A number that is as good as drawn, and the same for every log and every Aya that sees the request.
    var lot: UInt64 {
        if let trace { return Self.mixed(trace.low) }
        let given = unsafe text(.requestID)
        if given.isEmpty {
            return Self.mixed(head.idLow | head.idHigh == 0 ? UInt64(bitPattern: time) : head.idLow)
        }
        // FNV-1a.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in given.indices { hash = unsafe (hash ^ UInt64(given[index])) &* 0x0000_0100_0000_01b3 }
        return Self.mixed(hash)
    }

    /// The finalizer of SplitMix64: every bit depends on every other.
    private static func mixed(_ value: UInt64) -> UInt64 {
        var bits = value
        bits = (bits ^ (bits &>> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits &>> 27)) &* 0x94d0_49bb_1331_11eb
        return bits ^ (bits &>> 31)
    }
}
