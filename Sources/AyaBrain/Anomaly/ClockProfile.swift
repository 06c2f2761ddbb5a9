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

    // Thousands of series have one of these each, so every byte counts.

    private var day = DaySlots()
    private var week = WeekSlots()
    private var dayError = FadingMean()
    private var weekError = FadingMean()
    private var levelError = FadingMean()
    private var level: Double?
    private var smoothed = 0.0
    private var lastTime: Double?
    /// Seconds between rows.
    private var step: Float?
    /// The slot that is being filled, and what was in it.
    private var slot: Int?
    private var sum = 0.0
    private var count: Float = 0

    /// Rows that go back in time, or stand still, are taken for the slot that is being filled.
    mutating func observe(_ sample: Sample) -> Deviation {
        if let lastTime, sample.time > lastTime {
            let gap = min(sample.time - lastTime, 86_400)
            step = step.map { $0 + 0.05 * (Float(gap) - $0) } ?? Float(gap)
        }
        let time = max(sample.time, lastTime ?? sample.time)
        lastTime = time
        let number = Int((min(max(time, -1e14), 1e14) / Self.slotSeconds).rounded(.down))
        if let slot, slot != number { finish(slot, mean: sum / Double(count)) }
        if slot != number { (slot, sum, count) = (number, 0, 0) }
        sum += sample.value
        count += 1
        guard let usual = usual(at: number) else { return Deviation() }
        let share = min(1, Double(step ?? 300) / Self.smoothing)
        smoothed += share * (sample.value - usual - smoothed)
        if !smoothed.isFinite { smoothed = 0 }
        let error = Double(isWeekly ? weekError.mean : dayError.mean)
        let spread = Double(levelError.mean)
        return Deviation(amount: smoothed, skill: spread > 0 ? 1 - error / spread : 0, usual: usual)
    }

    private var isWeekly: Bool { weekError.count >= Self.slotsPerDay && weekError.mean < dayError.mean }

    private func usual(at number: Int) -> Double? {
        guard let daily = day.usual(at: number) else { return nil }
        return isWeekly ? week.usual(at: number) ?? daily : daily
    }

    private mutating func finish(_ number: Int, mean: Double) {
        guard abs(mean) < 1e37 else { return }
        let old = level ?? mean
        if let error = day.learn(mean, at: number) {
            dayError.add(error)
            levelError.add(abs(mean - old))
        }
        if let error = week.learn(mean, at: number) { weekError.add(error) }
        let level = old + (mean - old) / Double(Self.slotsPerDay)
        self.level = level
        week.centre(on: level, spread: Double(levelError.mean))
    }
}

/// A plain mean at first, one that fades over three days of slots later.
private struct FadingMean {
    private(set) var mean: Float = 0
    private(set) var count: UInt16 = 0

    mutating func add(_ value: Double) {
        if count < .max { count += 1 }
        mean += (Float(value) - mean) * (count <= 48 ? 1 / Float(count) : 1 / 144)
        if !mean.isFinite { mean = 0 }
    }
}
