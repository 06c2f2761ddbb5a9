package import AyaCore

/// How much work a pool can have in flight before more of it only makes everything slower: found from response times.
///
/// The median of a window is compared with the median in quiet times. While they are alike the limit grows; when the
/// first exceeds the second by more than the tolerance, the limit shrinks in that proportion. The median, because with
/// work of very different sizes a high percentile says more about what was asked than about how busy servers are, and
/// a long average, because against the least ever seen every busy hour looks like an overload: both shed most of a load
/// that servers bear well. While the limit holds work back it keeps latency down itself, so what is quiet can no
/// longer be seen; then the limit is halved for a moment now and again, and what that moment shows is the new quiet.
package struct AdaptiveLimit: Sendable {
    package struct Settings: Sendable {
        package var minimum: Int
        package var maximum: Int
        /// How much slower than in quiet times work may be.
        package var tolerance: Double

        package init(minimum: Int = 3, maximum: Int = 1_000, tolerance: Double = 1.3) {
            self.minimum = max(1, minimum)
            self.maximum = max(self.minimum, maximum)
            self.tolerance = max(1.05, tolerance)
        }
    }

    private let settings: Settings
    private var level: Double
    private var window = LatencyWindow()
    private var windowEnds = Instant(nanoseconds: 0)
    private var windowBegan = Instant(nanoseconds: 0)
    /// The most that was in flight in this window.
    private var peak = 0
    /// In nanoseconds: the median of late, and in quiet times; 0 when not known yet.
    package private(set) var median = 0.0
    package private(set) var baseline = 0.0
    /// Windows that the baseline was learned from.
    private var lessons = 0.0
    private var probe = Probe()

    /// The look at quiet times under a limit.
    private struct Probe {
        /// When the next begins, while the limit holds work back.
        var next = Instant.distantFuture
        var pause = Self.shortest
        /// When what began before it has come to its end; nil while there is none.
        var settles: Instant?
        /// The limit before it, and when it began to hold work back.
        var level = 0.0
        var firstLevel = 0.0

        static let shortest = Interval.seconds(1)
        static let longest = Interval.seconds(32)
    }

    private static let windowLength = Interval.milliseconds(100)
    /// A median of fewer is too rough to act on…
    private static let enough = 150
    /// …but is all that a pool with little traffic has.
    private static let longestWindow = Interval.seconds(5)
    private static let fewest = 20

    package init(_ settings: Settings) {
        self.settings = settings
        level = Double(settings.maximum)
    }

    /// How much may be in flight.
    package var limit: Int { Int(level) }

    /// How much may be in flight of what is too critical to be held back by the limit.
    package var ceiling: Int { 2 * Int(probe.settles == nil ? level : probe.level) }

    /// Whether work is being held back.
    package var isBinding: Bool { probe.next < .distantFuture }

    /// Work begins.
    package mutating func began(inFlight: Int) { peak = max(peak, inFlight) }

    /// Work ended well; true when a window closed and the limit may be another.
    package mutating func ended(after latency: Interval, inFlight: Int, now: Instant) -> Bool {
        window.add(latency)
        peak = max(peak, inFlight)
        guard now >= windowEnds else { return false }
        let length = now - windowBegan
        let isLong = length >= Self.longestWindow
        guard window.count >= Self.enough || (isLong && window.count >= Self.fewest) else {
            // A pool that was idle begins anew, rather than with what it remembers of before.
            if isLong { restart(now) }
            return false
        }
        if let latest = window.median { close(latest, length, now) }
        restart(now)
        return true
    }

    private mutating func restart(_ now: Instant) {
        window.clear()
        windowBegan = now
        windowEnds = now + Self.windowLength
        peak = 0
    }

    private mutating func close(_ latest: Double, _ length: Interval, _ now: Instant) {
        if let settles = probe.settles {
            if windowBegan >= settles { closeProbe(latest, now) }
            return
        }
        median = median == 0 ? latest : 0.7 * median + 0.3 * latest
        if baseline == 0 { baseline = median }
        learnBaseline(length)
        let gradient = min(1, max(0.5, settings.tolerance * baseline / median))
        let most = Double(peak)
        if gradient < 1 {
            // What was in flight is where the trouble is; a limit far above it would take long to come down to it.
            let wanted = min(level, most) * gradient
            level = 0.8 * min(level, most) + 0.2 * wanted
        } else if most > level / 2 || level >= Double(settings.maximum) {
            level += 0.2 * level.squareRoot()
        } else if !isBinding {
            // Nothing holds work back, and nothing shows that it should.
            level += 0.05 * level
        }
        bound()
        watchBinding(gradient, most, now)
    }

    /// Down within seconds, as nothing but quiet makes work faster; up over a minute, and not while the limit is at
    /// work. The first windows count alike, or the chance of the very first would stay for long.
    private mutating func learnBaseline(_ length: Interval) {
        lessons += 1
        let seconds = median < baseline ? 10.0 : 60.0
        if median < baseline || !isBinding {
            baseline += min(1, max(1 / lessons, length.seconds / seconds)) * (median - baseline)
        }
    }

    private mutating func bound() {
        level = min(Double(settings.maximum), max(Double(settings.minimum), level))
    }

    // MARK: the look at quiet times

    private mutating func watchBinding(_ gradient: Double, _ most: Double, _ now: Instant) {
        if gradient < 1 || most >= level {
            if !isBinding {
                probe.next = now + probe.pause
                probe.firstLevel = max(most, level)
            }
        } else if most < 0.8 * level, isBinding {
            probe.next = .distantFuture
            probe.pause = Probe.shortest
        }
        guard now >= probe.next else { return }
        probe.level = level
        let settling = Interval(nanoseconds: Int64(min(3 * median, 1e10)))
        probe.settles = now + max(settling, Interval(nanoseconds: 3 * Self.windowLength.nanoseconds))
        level *= 0.5
        bound()
    }

    private mutating func closeProbe(_ latest: Double, _ now: Instant) {
        probe.settles = nil
        level = probe.level
        // What is critical may have kept servers busy all the same; then it was no look at quiet times.
        if Double(peak) <= 0.8 * level {
            if latest > 0.85 * median, median > 1.5 * settings.tolerance * baseline {
                // Much slower, and less work made nothing quicker: this is how long work takes now.
                baseline = latest
                median = latest
                level = max(level, probe.firstLevel)
            } else {
                baseline += 0.5 * (latest - baseline)
            }
        }
        probe.pause = min(Probe.longest, Interval(nanoseconds: probe.pause.nanoseconds &* 2))
        probe.next = now + probe.pause
    }
}
