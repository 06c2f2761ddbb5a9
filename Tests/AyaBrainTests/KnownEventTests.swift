internal import AyaBrain
internal import Testing

@Suite struct KnownEventTests {
    private static let hour = 3_600.0

    /// Five weeks of hours, with campaigns of four hours that triple the load.
    private func history(campaigns: [Int]) -> History {
        var values = ForecasterTests.traffic(hours: 24 * 35, noise: 2)
        for start in campaigns { for hour in start..<start + 4 { values[hour] *= 3 } }
        return History(
            values.enumerated().map { Sample(time: Double($0.offset) * Self.hour, value: $0.element) }, step: Self.hour)
    }

    private func campaign(at hour: Int, expected: Double? = nil) -> KnownEvent {
        KnownEvent(name: "campaign", start: Double(hour) * Self.hour, length: 4 * Self.hour, expectedLift: expected)
    }

    @Test func aLiftIsLearnedAndUsedAgain() {
        let past = [200, 500, 700]
        let forecaster = Forecaster(horizon: 24, seasons: [24, 168])
        let events = (past + [24 * 35 + 10]).map { campaign(at: $0) }
        let forecast = forecaster.forecast(history(campaigns: past), events: events)
        let quiet = forecaster.forecast(history(campaigns: []), events: [])
        let lift = forecast.lifts.first
        #expect(lift?.event == "campaign" && lift?.occurrences == 3)
        #expect(abs((lift?.factor ?? 0) - 3) < 0.2)
        for (step, (point, usual)) in zip(forecast.points, quiet.points).enumerated() {
            let expected = (10..<14).contains(step) ? 3 * usual.mean : usual.mean
            #expect(abs(point.mean - expected) < 0.12 * expected + 30)
            #expect(point.low95 <= point.low80 && point.low80 <= point.mean)
            #expect(point.mean <= point.high80 && point.high80 <= point.high95)
        }
    }

    @Test func whatIsExpectedCountsUntilItIsSeen() {
        let forecaster = Forecaster(horizon: 24, seasons: [24, 168])
        let coming = campaign(at: 24 * 35, expected: 2)
        #expect(
            abs((forecaster.forecast(history(campaigns: []), events: [coming]).lifts.first?.factor ?? 0) - 2) < 1e-9)
        // Three occurrences of three times, one expectation of twice.
        let events = [200, 500, 700].map { campaign(at: $0) } + [coming]
        let factor = forecaster.forecast(history(campaigns: [200, 500, 700]), events: events).lifts.first?.factor ?? 0
        #expect((2.5..<3).contains(factor))
    }

    @Test func anythingIsSurvived() {
        let forecaster = Forecaster(horizon: 6, seasons: [24])
        let events = [
            KnownEvent(name: "a", start: .nan, length: .infinity, expectedLift: .nan),
            KnownEvent(name: "b", start: -1e300, length: 1e300, expectedLift: -1),
            KnownEvent(name: "c", start: 0, length: -5, expectedLift: 0),
            KnownEvent(name: "d", start: -1e9, length: 1e12),
        ]
        for history in [history(campaigns: []), History([]), History([Sample(time: 1, value: 1)])] {
            let points = forecaster.forecast(history, events: events).points
            #expect(points.count == 6)
            #expect(points.allSatisfy { $0.mean.isFinite && $0.low95 <= $0.mean && $0.mean <= $0.high95 })
        }
    }
}
