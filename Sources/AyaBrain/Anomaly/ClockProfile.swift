/// What a series usually is at this time of the day, or of the week where that says more: the missing morning rise and
/// the burst at night are normal values at the wrong time, which no comparison of shapes sees.
///
/// Half-hour slots of the day fade by a quarter a day, those of the week by half a week; slots are those of UTC, so a
/// change of summer time is news for two days. `skill` says how much of the series the clock explains. On a series
/// without a daily rhythm it is about zero, and the deviation should be ignored.
struct ClockProfile {
    struct Deviation: Equatable {
        /// Measured minus usual, smoothed over an hour; nil while the slot was not seen on two days.
        var amount: Double?
        /// 1 when the clock explains everything, 0 when it says no more than the level of the last day.
        var skill = 0.0
        var usual: Double?
    }

    private static let slotsPerDay = 48
    private static let slotSeconds = 1_800.0
    private static let smoothing = 3_600.0

    private var day = Slots(count: slotsPerDay, rate: 0.25, needed: 2)
    private var week = Slots(count: 7 * slotsPerDay, rate: 0.5, needed: 1)
    private var level: Double?
    private var levelError = FadingMean()
    /// The slot that is being filled.
    private var current: (number: Int, sum: Double, count: Double)?
    private var lastTime: Double?
    /// Seconds between rows.
    private var step: Double?
    private var smoothed = 0.0

    /// Rows that go back in time, or stand still, are taken for the slot that is being filled.
    mutating func observe(_ sample: Sample) -> Deviation {
        if let lastTime, sample.time > lastTime {
            let gap = min(sample.time - lastTime, 86_400)
            step = step.map { $0 + 0.05 * (gap - $0) } ?? gap
        }
        let time = max(sample.time, lastTime ?? sample.time)
        lastTime = time
        let number = Int((min(max(time, -1e14), 1e14) / Self.slotSeconds).rounded(.down))
        if let current, current.number != number { finish(current.number, mean: current.sum / current.count) }
        if current == nil { current = (number, 0, 0) }
        current?.sum += sample.value
        current?.count += 1
        guard let usual = usual(at: number) else { return Deviation() }
        let share = min(1, (step ?? 300) / Self.smoothing)
        smoothed += share * (sample.value - usual - smoothed)
        if !smoothed.isFinite { smoothed = 0 }
        let error = isWeekly ? week.error.mean : day.error.mean
        return Deviation(
            amount: smoothed, skill: levelError.mean > 0 ? 1 - error / levelError.mean : 0, usual: usual)
    }

    private var isWeekly: Bool {
        week.error.count >= Self.slotsPerDay && week.error.mean < day.error.mean
    }

    private func usual(at number: Int) -> Double? {
        guard let daily = day.usual(at: number) else { return nil }
        return isWeekly ? week.usual(at: number) ?? daily : daily
    }

    private mutating func finish(_ number: Int, mean: Double) {
        current = nil
        guard abs(mean) < 1e37 else { return }
        let old = level ?? mean
        if day.learn(mean, at: number) { levelError.add(abs(mean - old)) }
        _ = week.learn(mean, at: number)
        level = old + (mean - old) / Double(Self.slotsPerDay)
    }
}

/// Fading means of the slots of a cycle, and how wrong they were.
private struct Slots {
    private var means: [Float]
    private var visits: [UInt8]
    private let rate: Double
    /// Visits after which a slot is believed.
    private let needed: UInt8
    private(set) var error = FadingMean()

    init(count: Int, rate: Double, needed: UInt8) {
        means = Array(repeating: 0, count: count)
        visits = Array(repeating: 0, count: count)
        self.rate = rate
        self.needed = needed
    }

    func usual(at number: Int) -> Double? {
        let slot = index(number)
        return visits[slot] >= needed ? Double(means[slot]) : nil
    }

    /// - Returns: whether the slot had a mean to be wrong about.
    mutating func learn(_ mean: Double, at number: Int) -> Bool {
        let slot = index(number)
        let isKnown = visits[slot] > 0
        if isKnown { error.add(abs(mean - Double(means[slot]))) }
        let share = max(rate, 1 / Double(visits[slot] + 1))
        means[slot] += Float(share * (mean - Double(means[slot])))
        if visits[slot] < 100 { visits[slot] += 1 }
        return isKnown
    }

    private func index(_ number: Int) -> Int {
        let remainder = number % means.count
        return remainder < 0 ? remainder + means.count : remainder
    }
}

/// A plain mean at first, one that fades over three days of slots later.
private struct FadingMean {
    private(set) var mean = 0.0
    private(set) var count = 0

    mutating func add(_ value: Double) {
        count &+= 1
        mean += (value - mean) * (count <= 48 ? 1 / Double(count) : 1 / 144)
        if !mean.isFinite { mean = 0 }
    }
}
