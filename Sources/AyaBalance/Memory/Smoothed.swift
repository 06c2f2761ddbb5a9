internal import AyaCore

/// An average that forgets with time: of two values, the one that is one time constant older weighs e times less.
struct Smoothed {
    private(set) var value: Float = 0
    private var latest = Int64.min

    var isKnown: Bool { latest != .min }
    /// When the latest value was taken in.
    var moment: Instant { Instant(nanoseconds: latest) }

    /// What is left of weight 1 after a while: e^(-x), closely enough and without a call.
    @inline(__always) static func decay(_ passed: Interval, over constant: Interval) -> Float {
        let x = Float(max(0, passed.nanoseconds)) / Float(constant.nanoseconds)
        return 1 / (1 + x * (1 + x * (0.5 + x * (1 / 6 + x * (1 / 24)))))
    }

    mutating func set(_ value: Float, _ now: Instant) {
        self.value = value
        latest = now.nanoseconds
    }

    mutating func add(_ new: Float, _ now: Instant, over constant: Interval) {
        guard isKnown else { return set(new, now) }
        let kept = Self.decay(now - moment, over: constant)
        value = value * kept + new * (1 - kept)
        latest = max(latest, now.nanoseconds)
    }
}
