internal import AyaBrain
internal import Testing

@Suite struct AnomalyDetectorTests {
    @Test(arguments: 1...2)
    func seesABurst(seed: UInt64) {
        var series = SyntheticSeries.noise(rows: 1_300, seed: seed)
        for row in 1_000..<1_003 { series.values[row] += 25 }
        #expect(series.alarms().contains(1_000))
    }

    @Test(arguments: 1...2)
    func seesALevelThatIsLeftForGood(seed: UInt64) {
        var series = SyntheticSeries.noise(rows: 1_300, seed: seed)
        for row in 1_000..<1_300 { series.values[row] -= 12 }
        #expect(series.alarms().contains { (1_000..<1_010).contains($0) })
    }

    @Test(arguments: 1...2)
    func seesAWildSpell(seed: UInt64) {
        var series = SyntheticSeries.noise(rows: 1_300, seed: seed)
        for row in 1_000..<1_100 { series.values[row] = 50 + 4 * (series.values[row] - 50) }
        #expect(series.alarms().contains { (1_000..<1_060).contains($0) })
    }

    @Test(arguments: 1...2)
    func seesSilenceOfABusySeries(seed: UInt64) {
        var series = SyntheticSeries.counts(rows: 1_300, mean: 8, seed: seed)
        for row in 1_000..<1_020 { series.values[row] = 0 }
        #expect(series.alarms().contains { (1_000..<1_020).contains($0) })
    }

    /// Night values are nothing new; at noon they are.
    @Test(arguments: 1...2)
    func noticesAMorningThatDoesNotCome(seed: UInt64) {
        var series = SyntheticSeries.days(7, seed: seed)
        let day = 5 * SyntheticSeries.rowsPerDay
        for row in day + 102..<day + 222 { series.values[row] -= 60 }
        var detector = AnomalyDetector()
        let verdicts = series.samples.map { detector.observe($0) }
        let alarm = verdicts.indices.first { $0 >= day + 102 && verdicts[$0].isAlarm }
        #expect(alarm.map { $0 < day + 160 } == true)
        #expect(alarm.map { verdicts[$0].cause } == .season)
        #expect(alarm.map { abs((verdicts[$0].usual ?? 0) - 80) < 5 } == true)
    }

    @Test(arguments: 1...2)
    func seesAGaugeThatIsStuck(seed: UInt64) {
        var series = SyntheticSeries.noise(rows: 1_100, seed: seed)
        for row in 1_000..<1_060 { series.values[row] = series.values[1_000] }
        var detector = AnomalyDetector()
        let verdicts = series.samples.map { detector.observe($0) }
        let alarm = verdicts.indices.first { $0 >= 1_000 && verdicts[$0].isAlarm }
        #expect(alarm.map { $0 < 1_010 && verdicts[$0].cause == .stuck } == true)
    }

    @Test(arguments: 1...2)
    func seldomCriesWolf(seed: UInt64) {
        #expect(SyntheticSeries.noise(rows: 3_000, seed: seed).alarms().count <= 6)
        #expect(SyntheticSeries.days(10, seed: seed).alarms().count <= 8)
        #expect(SyntheticSeries.counts(rows: 3_000, mean: 1, seed: seed).alarms().count <= 6)
    }

    /// Somebody who keeps Aya busy with bursts does not hide that the load is gone.
    @Test func canNotBeMadeDeaf() {
        var series = SyntheticSeries.noise(rows: 1_300, seed: 8)
        for row in stride(from: 200, to: 1_200, by: 17) { series.values[row] += Double(row % 7) * 10 }
        for row in 1_200..<1_300 { series.values[row] = 0 }
        #expect(series.alarms().contains { (1_200..<1_204).contains($0) })
    }

    @Test func isNotTiedToAUnit() {
        var series = SyntheticSeries.noise(rows: 1_300, seed: 9)
        for row in 1_000..<1_003 { series.values[row] += 25 }
        let alarms = series.alarms()
        #expect(!alarms.isEmpty)
        // Powers of two, so that the arithmetic is the same.
        for factor in [0x1p-60, -0x1p30] {
            #expect(SyntheticSeries(values: series.values.map { $0 * factor }).alarms() == alarms)
        }
    }

    @Test func learnsNothingFromConstantsButNoticesTheirEnd() {
        var series = SyntheticSeries(values: Array(repeating: 7, count: 1_000))
        #expect(series.alarms().isEmpty)
        series.values[900] = 8
        #expect(series.alarms() == [900])
    }

    @Test func oneRowIsNoAnomaly() {
        var detector = AnomalyDetector()
        #expect(detector.observe(Sample(time: 0, value: 4)).score == 0)
    }

    @Test func scoresStayInBoundsWhateverComes() {
        let odd: [Double] = [
            .nan, .infinity, -.infinity, 0, -0.0, .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
            .leastNonzeroMagnitude, 1e-300, 1e300, 1, -1,
        ]
        var detector = AnomalyDetector()
        var time = 0.0
        for round in 0..<100 {
            for (index, value) in odd.enumerated() {
                // Forwards, backwards, standing still and in leaps of centuries.
                time = [time + 60, time - 3_600, time, time + 4e9, -1e300, 1e300][(round + index) % 6]
                let verdict = detector.observe(Sample(time: time, value: value))
                #expect((0...1).contains(verdict.score))
                #expect(verdict.isAlarm == (verdict.score >= 0.5))
                #expect(verdict.usual?.isFinite != false)
            }
        }
        #expect(detector.observe(Sample(time: .nan, value: 1)).score == 0)
    }

    @Test func gapsNeitherAlarmNorTeach() {
        var series = SyntheticSeries.noise(rows: 1_000, seed: 3)
        let alarms = series.alarms()
        series.values[500] = .nan
        series.values.insert(contentsOf: Array(repeating: .nan, count: 200), at: 500)
        #expect(series.alarms().filter { (500..<700).contains($0) }.isEmpty)
        #expect(abs(series.alarms().count - alarms.count) <= 1)
    }
}
