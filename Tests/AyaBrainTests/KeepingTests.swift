internal import AyaBrain
internal import Testing

/// What outlasts a restart.
@Suite struct KeepingTests {
    @Test func aBookIsReadAsItWasWritten() {
        var book = AdviceBook()
        let first = book.add(
            .limit, "pools/we\tb", "add\nservers", value: 1.5, confidence: 0.25, reason: "50 % \\ \"ü\"", expiry: 60,
            at: 1_700_000_000.5)
        _ = book.add(.precursor, "servers/web/a", "drain", confidence: 1, reason: "", expiry: 60, at: 1_700_000_001)
        if let first { book.close(first.id, "") }
        var kept = AdviceBook(keeping: book.keeping, interruption: "unknown")
        #expect(kept.advice.first == book.advice.first)
        #expect(kept.advice.last?.outcome == "unknown")
        #expect(kept.advice.count == 2)
        // What holds is not told again, and numbers go on.
        #expect(
            kept.add(.precursor, "servers/web/a", "drain", confidence: 1, reason: "", expiry: 60, at: 1_700_000_002)
                == nil)
        let next = kept.add(.anomaly, "aya", "look", confidence: 1, reason: "", expiry: 60, at: 1_700_000_003)
        #expect(next?.id == 3)
    }

    @Test func aLogIsReadAsItWasWritten() {
        var log = IncidentLog()
        let subject = Subject([.pool: "api", .server: "10.0.0.1:80"])
        func alarm(_ measure: SeriesName.Measure, at time: Double) -> Alarm {
            Alarm(
                series: SeriesName(measure, of: subject), sample: Sample(time: time, value: 9),
                verdict: Verdict(score: 0.7, isAlarm: true, cause: .shape))
        }
        let id = log.record(alarm(.errors, at: 0)).incident.id
        log.explain(
            id,
            by: DrillDown.culprits(of: [
                Slice(
                    .server, "10.0.0.1:80", before: .init(events: 1, base: 100), during: .init(events: 90, base: 100)),
                Slice(.server, "10.0.0.2:80", before: .init(events: 1, base: 100), during: .init(events: 2, base: 100)),
            ]))
        #expect(log.incidents.first?.culprits.count == 1)
        _ = log.record(alarm(.latency, at: 60))
        _ = log.advance(to: 5_000)
        _ = log.record(alarm(.bytes, at: 20_000))
        var kept = IncidentLog(keeping: log.keeping)
        #expect(kept.incidents == log.incidents)
        // It goes on where the other ended.
        guard case .joined(let joined) = kept.record(alarm(.errors, at: 20_060)) else {
            Issue.record("not joined")
            return
        }
        #expect(joined.id == 2)
    }

    @Test func whatIsNoBookIsPassedOver() {
        let rubbish: [String] = [
            "", "\n\n\t\t\n", "incident\tx\t1\t1\t\t1\t1\n", "alarm\terrors\t1\t1\t1\tshape\n",
            "culprit\tserver\ta\t1\t1\n",
            "0\t1\tlimit\ta\tb\t\t1\tr\t1\topen\t\n", "1\tnan\tlimit\ta\tb\t\t1\tr\t1\topen\t\n", "1\t1\tlimit\\",
            "9223372036854775807\t1\tlimit\ta\tb\t\t1\tr\t1\topen\t\n",
            "incident\t9223372036854775807\t1\t1\t\t1\t1\n",
        ]
        for text in rubbish {
            #expect(AdviceBook(keeping: Array(text.utf8), interruption: "").advice.isEmpty)
            #expect(IncidentLog(keeping: Array(text.utf8)).incidents.isEmpty)
        }
        let sound = "1\t1\tlimit\ta\tb\tx\t7\tr\t1\tclosed\tdone\tof a later version\n"
        let book = AdviceBook(keeping: Array(("rubbish\n" + sound).utf8), interruption: "")
        #expect(book.advice.count == 1 && book.advice.first?.value == nil && book.advice.first?.confidence == 1)
    }

    @Test func tuningsAreReadAsTheyWereWritten() {
        var configured = PoolSettings()
        configured.weights = ["a b": 1, "c": 1]
        var settings = configured
        settings.weights = ["a b": 100, "c": 40]
        settings.concurrency = 12
        settings.outlierLatency = 2.5
        settings.hedgeAfter = 0.25
        let kept = KeptTunings([
            .init(pool: "web", configured: configured, settings: settings),
            .init(pool: "a\tb", configured: settings, settings: configured),
        ])
        #expect(KeptTunings(keeping: kept.keeping) == kept)
        for text in [
            "pool\tweb\n", "pool\tweb\nsettings\t\n", "settings\t1\t1\t\t1\t\n", "pool\tw\nsettings\t\tnan\t\t0\t\n",
        ] {
            #expect(KeptTunings(keeping: Array(text.utf8)).tunings.isEmpty)
        }
    }

    @Test func keepsNoMoreThanItWould() {
        var book = AdviceBook()
        for minute in 0..<100 {
            _ = book.add(.limit, "aya", "a", confidence: 1, reason: "", expiry: 60, at: 60 * Double(minute))
        }
        #expect(AdviceBook(keeping: book.keeping, interruption: "", capacity: 10).advice.map(\.id) == Array(91...100))
    }
}
