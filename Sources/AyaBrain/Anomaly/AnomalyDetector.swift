/// Watches one series as it arrives and says of every row how unusual it is, before it sees the next.
///
/// Three questions are asked, each answered by a surprise that means the same for every series (see `TailSurprise`):
/// was there ever a stretch like this one (`ShapeNovelty`)? Is this the usual value at this hour, where the clock has a
/// say (`ClockProfile`)? Does it still move (`StuckValue`)? Evidence of the first two adds up. Nothing has to be
/// known of the series in advance, neither its range nor its rhythm nor its step; one row costs some microseconds and
/// the memory is fixed.
package struct AnomalyDetector: Sendable {
    /// The surprise at which an alarm is raised; the default was chosen on labelled development data.
    package static let usualThreshold = 1.65
    /// For alerts that wake people: one false alarm in some ten thousand rows of noise.
    package static let quietThreshold = 3.0

    private let threshold: Double
    private var shapes = ShapeNovelty()
    private var shortTail = TailSurprise()
    private var longTail = TailSurprise()
    private var season = ClockProfile()
    private var seasonTail = TailSurprise()
    private var stuck = StuckValue()
    private var rest = AlarmRest()

    /// - Parameter threshold: a higher one raises fewer alarms; one more is ten times rarer.
    package init(threshold: Double = usualThreshold) { self.threshold = max(threshold, 0.1) }

    /// A gap (NaN) teaches nothing and is no anomaly here: that a series has ended is for its owner to notice.
    package mutating func observe(_ sample: Sample) -> Verdict {
        guard sample.value.isFinite, sample.time.isFinite else { return .nothing }
        let distances = shapes.observe(sample.value)
        let shape = (shortTail.observe(distances.short) + longTail.observe(distances.long)) / 2
        let deviation = season.observe(sample)
        // Trusted not at all below a skill of 0.3, fully from 0.5.
        let trust = min(max((deviation.skill - 0.3) / 0.2, 0), 1)
        let clock = trust * (deviation.amount.map { seasonTail.observe(abs($0)) } ?? 0) / 2
        let still = stuck.observe(sample.value) / 2
        let surprise = max(shape + clock, still)
        let cause: Verdict.Cause = still >= shape + clock ? .stuck : clock > shape ? .season : .shape
        let usual = (cause == .season ? deviation.usual : distances.precedent).flatMap { $0.isFinite ? $0 : nil }
        guard let extra = rest.next() else {
            return Verdict(score: 0.5 * surprise / (surprise + threshold), isAlarm: false, cause: cause, usual: usual)
        }
        let isAlarm = surprise >= threshold + extra
        if isAlarm { rest.alarm() }
        return Verdict(
            score: surprise / (surprise + threshold + extra), isAlarm: isAlarm, cause: cause, usual: usual)
    }
}
