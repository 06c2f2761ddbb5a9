internal import AyaBrain
internal import Testing

@Suite struct AnomalyWatchTests {
    /// A server of two answers slowly from a row on: one incident, and its subject is the server.
    @Test func tellsOnceOfASlowServer() {
        let subjects = ["a", "b"].map { Subject([.pool: "api", .server: $0]) }
        var watch = AnomalyWatch()
        var outcomes: [IncidentLog.Outcome] = []
        var series = [1, 2].map { SyntheticSeries.noise(rows: 900, level: 40, seed: $0).samples }
        for row in 700..<760 { series[0][row].value += 60 }
        for row in 0..<900 {
            for (index, subject) in subjects.enumerated() {
                if let outcome = watch.observe(series[index][row], of: SeriesName(.latency, of: subject)) {
                    outcomes.append(outcome)
                }
            }
        }
        #expect(outcomes.count == 1)
        #expect(outcomes.first?.incident.subject == subjects[0])
        #expect(outcomes.first?.incident.began == series[0][700].time)
        let over = watch.advance(to: series[0][899].time)
        #expect(over.count == 1 && watch.log.open.isEmpty)
        watch.explain(
            over.first?.id ?? 0,
            by: ["a", "b"].map { server in
                Slice(
                    .server, server, before: Slice.Count(events: 4, base: 100),
                    during: Slice.Count(events: server == "a" ? 10 : 4, base: 100))
            })
        #expect(watch.log.incidents.first?.culprits.map(\.value) == ["a"])
    }

    @Test func watchesNoMoreThanFits() {
        var watch = AnomalyWatch(capacity: 3)
        for row in 0..<10 {
            _ = watch.observe(
                Sample(time: Double(row), value: 1), of: SeriesName(.requests, of: Subject([.client: "\(row)"])))
        }
        #expect(watch.seriesCount == 3)
    }

    /// Made-up clients do not make room for themselves at the cost of pools.
    @Test func strangersPushOutStrangersOnly() {
        var watch = AnomalyWatch(capacity: 2)
        let pool = SeriesName(.requests, of: Subject([.pool: "api"]))
        let values = SyntheticSeries.noise(rows: 300, seed: 1).samples
        var incidents = 0
        for (row, sample) in values.enumerated() {
            for stranger in 0..<5 {
                _ = watch.observe(sample, of: SeriesName(.requests, of: Subject([.client: "\(row) \(stranger)"])))
            }
            let value = row == 290 ? 500 : sample.value
            if watch.observe(Sample(time: sample.time, value: value), of: pool) != nil { incidents += 1 }
        }
        #expect(incidents == 1 && watch.seriesCount == 2)
    }

    /// More series than anybody watches are no more work than fit, and do not push each other out before they say
    /// anything.
    @Test func seriesWithoutEndAreBounded() {
        var watch = AnomalyWatch(capacity: 100)
        let sample = Sample(time: 1_700_000_000, value: 1)
        for name in 0..<50_000 {
            _ = watch.observe(sample, of: SeriesName(.requests, of: Subject([.route: "\(name)"])))
        }
        #expect(watch.seriesCount == 100)
    }

    @Test func whatFellSilentGivesWay() {
        var watch = AnomalyWatch(capacity: 2)
        func name(_ number: Int) -> SeriesName { SeriesName(.requests, of: Subject([.pool: "\(number)"])) }
        let values = SyntheticSeries.noise(rows: 700, seed: 4).samples
        for sample in values.prefix(300) { for number in 0..<3 { _ = watch.observe(sample, of: name(number)) } }
        // Pool 0 is gone, and pool 2 has its place.
        var incidents = 0
        for (row, sample) in values.enumerated().dropFirst(300) {
            let value = row == 690 ? 500 : sample.value
            _ = watch.observe(sample, of: name(1))
            if watch.observe(Sample(time: sample.time, value: value), of: name(2)) != nil { incidents += 1 }
        }
        #expect(incidents == 1 && watch.seriesCount == 2)
    }

    /// Thousands of series are watched, of which each may take 2 KiB beyond its newest rows.
    @Test func whatIsLearntIsSmall() { #expect(MemoryLayout<AnomalyDetector>.size <= 1_792) }
}
