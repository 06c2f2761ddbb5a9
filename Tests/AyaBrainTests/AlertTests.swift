internal import AyaBrain
internal import AyaCore
internal import Testing

@Suite struct AlertTests {
    /// A disk that fills by 1 a second, with noise and a burst.
    @Test func tellsWhenADiskIsFull() {
        var random = RandomSource(seed: 4)
        var samples = (0..<500).map { row in
            Sample(time: Double(row), value: Double(row) + Double.random(in: -5...5, using: &random))
        }
        samples[300].value = 5_000
        samples[301].value = .nan
        let alert = TimeToLimit(samples, limit: 1_000)
        #expect(alert.map { (480...520).contains($0.likely) } == true)
        #expect(alert.map { $0.earliest <= $0.likely && $0.likely <= $0.latest && $0.latest < 560 } == true)
        #expect(alert.map { $0.confidence > 0.95 } == true)
    }

    @Test func isNotSureOfWhatGoesNowhere() {
        var random = RandomSource(seed: 4)
        let samples = (0..<500).map { Sample(time: Double($0), value: Double.random(in: 0...10, using: &random)) }
        #expect(TimeToLimit(samples, limit: 100).map { (0.35...0.65).contains($0.confidence) } == true)
    }

    @Test func saysNothingOfTooLittle() {
        let sample = Sample(time: 1, value: 1)
        #expect(TimeToLimit([], limit: 1) == nil)
        #expect(TimeToLimit(Array(repeating: sample, count: 50), limit: 9) == nil)
        #expect(TimeToLimit([sample], limit: .nan) == nil)
        let falling = (0..<20).map { Sample(time: Double($0), value: -Double($0)) }
        #expect(TimeToLimit(falling, limit: 5).map { $0.likely == .infinity && $0.confidence == 0 } == true)
        #expect(TimeToLimit(falling, limit: -17).map { $0.likely == 0 && $0.confidence == 1 } == true)
    }

    @Test func pagesForAFastBurnAndFilesATicketForASlowOne() {
        guard let budget = ErrorBudget(objective: 0.999) else {
            Issue.record("no budget")
            return
        }
        func window(_ errors: Double) -> ErrorBudget.Window { ErrorBudget.Window(requests: 10_000, errors: errors) }
        #expect(budget.urgency { _ in window(200) } == .page)
        #expect(budget.urgency { _ in window(15) } == .ticket)
        #expect(budget.urgency { _ in window(5) } == .none)
        // It was bad, but it is over.
        #expect(budget.urgency { $0 <= 1_800 ? window(0) : window(60) } == .ticket)
        #expect(abs(budget.burnRate(window(100)) - 10) < 1e-9)
        #expect(abs(budget.secondsLeft(spent: 0.5, now: window(100)) - 1.5 * 86_400) < 1e-3)
        #expect(budget.secondsLeft(spent: 0.5, now: window(0)) == .infinity)
        #expect(budget.secondsLeft(spent: 2, now: window(1)) == 0)
        #expect(budget.burnRate(ErrorBudget.Window(requests: 0, errors: 0)) == 0)
        #expect(ErrorBudget(objective: 1) == nil && ErrorBudget(objective: .nan) == nil)
    }
}
