package import AyaBalance
internal import AyaCore

/// A change of tactic in two words, as a worker leaves it on the board.
package struct TacticReport: Sendable, Equatable {
    package var from: Tactic
    package var to: Tactic
    /// What 99 of 100 requests stayed below under each, in tenths of a millisecond.
    package var p99: (from: UInt32, to: UInt32)
    /// In parts of ten thousand.
    package var failures: (from: UInt16, to: UInt16)
    /// Requests under the new one that were looked at.
    package var samples: UInt16
    /// In seconds of the monotonic clock, wrapping around: tells two alike changes apart.
    package var moment: UInt16

    package init(_ change: Selection.Change) {
        from = change.from
        to = change.to
        p99 = (Self.tenths(change.p99.from), Self.tenths(change.p99.to))
        failures = (Self.share(change.failureShare.from), Self.share(change.failureShare.to))
        samples = UInt16(clamping: change.samples)
        moment = UInt16(truncatingIfNeeded: change.moment.nanoseconds / 1_000_000_000)
    }

    /// Nil when nothing was told yet.
    package init?(words: (UInt64, UInt64)) {
        // The first bit says that there is something.
        guard words.0 >> 63 == 1, let from = Tactic(rawValue: UInt8(truncatingIfNeeded: words.0 >> 56) & 7),
            let to = Tactic(rawValue: UInt8(truncatingIfNeeded: words.0 >> 59) & 7)
        else { return nil }
        self.from = from
        self.to = to
        p99 = (UInt32(truncatingIfNeeded: words.0 >> 28) & Self.most, UInt32(truncatingIfNeeded: words.0) & Self.most)
        failures = (UInt16(truncatingIfNeeded: words.1 >> 48), UInt16(truncatingIfNeeded: words.1 >> 32))
        samples = UInt16(truncatingIfNeeded: words.1 >> 16)
        moment = UInt16(truncatingIfNeeded: words.1)
    }

    package var words: (UInt64, UInt64) {
        let kinds: UInt64 = 1 << 63 | UInt64(to.rawValue & 7) << 59 | UInt64(from.rawValue & 7) << 56
        return (
            kinds | UInt64(p99.from) << 28 | UInt64(p99.to),
            UInt64(failures.from) << 48 | UInt64(failures.to) << 32 | UInt64(samples) << 16 | UInt64(moment)
        )
    }

    /// In a sentence's words.
    package var explanation: String {
        let times = "99 of 100 below \(Self.milliseconds(p99.to)) instead of \(Self.milliseconds(p99.from))"
        let errors = "\(Self.percent(failures.to)) failed instead of \(Self.percent(failures.from))"
        return "\(to.name) instead of \(from.name): \(times), \(errors), by \(samples) requests that tried it"
    }

    package static func == (one: TacticReport, other: TacticReport) -> Bool { one.words == other.words }

    private static let most: UInt32 = (1 << 28) - 1
    private static func tenths(_ seconds: Double) -> UInt32 { UInt32(min(max(0, seconds * 1e4), Double(most))) }
    private static func share(_ share: Double) -> UInt16 { UInt16(min(max(0, share * 1e4), 1e4)) }
    private static func milliseconds(_ tenths: UInt32) -> String { "\(tenths / 10).\(tenths % 10) ms" }
    private static func percent(_ parts: UInt16) -> String { "\(Double(parts) / 100) %" }
}
