internal import AyaBrain
internal import Testing

@Suite struct HistoryTests {
    private func history(_ samples: [(Double, Double)], step: Double? = nil) -> History {
        History(samples.map { Sample(time: $0.0, value: $0.1) }, step: step)
    }

    private func text(_ values: [Double]) -> String {
        values.map { $0.isNaN ? "-" : "\(Int($0))" }.joined(separator: " ")
    }

    @Test func laysGapsOut() {
        let history = history([(0, 1), (60, 2), (240, 5), (300, 6)])
        #expect(history.step == 60)
        #expect(history.end == 300)
        #expect(text(history.values) == "1 2 - - 5 6")
    }

    @Test func sortsAndTakesTheLaterOfTwo() {
        #expect(text(history([(120, 3), (0, 1), (60, 9), (60, 2)], step: 60).values) == "1 2 3")
        #expect(text(history([(0, 1), (60, 2), (60, .nan), (120, 3)], step: 60).values) == "1 2 3")
    }

    @Test func latenessDoesNotAddUp() {
        let samples = (0..<100).map { (Double($0) * 60.3, Double($0)) }
        #expect(history(samples, step: 60).values.count == 100)
    }

    @Test func aClockThatJumpedIsNoGap() {
        let samples: [(Double, Double)] = [(0, 1), (60, 2), (4e9, 3), (4e9 + 60, 4)]
        #expect(text(history(samples, step: 60).values) == "1 2 3 4")
    }

    @Test func keepsTheNewest() {
        let samples = (0..<10_000).map { Sample(time: Double($0) * 60, value: Double($0)) }
        let history = History(samples, step: 60, limit: 100)
        #expect(history.values == (9_900..<10_000).map(Double.init))
    }

    @Test func survivesAnything() {
        #expect(history([]).values.isEmpty)
        #expect(text(history([(5, 1)]).values) == "1")
        #expect(text(history([(.nan, 1), (5, 1), (.infinity, 3)]).values) == "1")
        #expect(text(history([(5, 1), (5, 2), (5, 3)]).values) == "3")
        #expect(history([(-1e300, 1), (1e300, 2)], step: 1e-300).values.count == 2)
        #expect(history([(0, 1), (1, 2)], step: -4).values.count == 2)
    }

    @Test func knowsTheCalendar() {
        #expect(Forecaster.calendarSeasons(step: 3_600) == [24, 168])
        #expect(Forecaster.calendarSeasons(step: 86_400) == [7])
        #expect(Forecaster.calendarSeasons(step: 60) == [1_440, 10_080])
        #expect(Forecaster.calendarSeasons(step: 7_000).isEmpty)
        #expect(Forecaster.calendarSeasons(step: 0).isEmpty)
    }
}
