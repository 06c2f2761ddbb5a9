internal import AyaBrain

/// What must hold for any history: a forecast of finite numbers in order, as many as were asked for.
enum HistoryChecks {
    /// After two bytes that say how far to look ahead and which seasons to expect: bit patterns of numbers when the first
    /// has its highest bit set, lines of text otherwise.
    static func bytes(_ bytes: [UInt8]) {
        guard bytes.count > 2 else { return }
        let horizon = Int(bytes[0] & 0x3f)
        let season = Int(bytes[1])
        let rest = bytes[2...]
        let history = bytes[0] & 0x80 != 0 ? numbers(rest) : History(Sample.all(in: Array(rest)))
        precondition(history.values.count <= Forecaster.mostValues, "more values than were wanted")
        let forecaster = Forecaster(horizon: horizon, seasons: [season, 7 * season])
        let events = [KnownEvent(name: "e", start: history.end - 40 * history.step, length: 44 * history.step)]
        expectOrder(forecaster.forecast(history.values), max(1, horizon))
        expectOrder(forecaster.forecast(history, events: events), max(1, horizon))
    }

    private static func numbers(_ bytes: ArraySlice<UInt8>) -> History {
        var samples: [Sample] = []
        var rest = bytes
        while rest.count >= 8 {
            let bits = rest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
            samples.append(Sample(time: Double(samples.count) * 60, value: Double(bitPattern: bits)))
            rest = rest.dropFirst(8)
        }
        return History(samples, step: 60)
    }

    private static func expectOrder(_ forecast: Forecast, _ count: Int) {
        precondition(forecast.points.count == count, "not the steps that were asked for")
        for point in forecast.points {
            let row = [point.low95, point.low80, point.mean, point.high80, point.high95]
            precondition(row.allSatisfy { $0.isFinite }, "a number that is none")
            precondition(zip(row, row.dropFirst()).allSatisfy { $0 <= $1 }, "bounds out of order")
        }
        let sum = forecast.voices.reduce(0) { $0 + $1.weight }
        precondition(forecast.voices.isEmpty || abs(sum - 1) < 1e-6, "weights that do not sum to 1")
    }
}
