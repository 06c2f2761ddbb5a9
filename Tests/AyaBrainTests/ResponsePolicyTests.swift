internal import AyaBrain
internal import Testing

@Suite struct ResponsePolicyTests {
    /// An incident of a pool that slices of one dimension explain.
    private func incident(
        _ measures: [SeriesName.Measure], _ dimension: Subject.Dimension, _ names: [String: (Double, Double)]
    ) -> Incident {
        var log = IncidentLog()
        let subject = Subject([.pool: "api"])
        for measure in measures {
            _ = log.record(
                Alarm(
                    series: SeriesName(measure, of: subject), sample: Sample(time: 0, value: 1),
                    verdict: Verdict(score: 0.8, isAlarm: true, cause: .shape)))
        }
        let slices = names.map { name, rates in
            Slice(
                dimension, name, before: Slice.Count(events: rates.0, base: 1_000),
                during: Slice.Count(events: rates.1, base: 1_000))
        }
        log.explain(1, by: DrillDown.culprits(of: slices))
        return log.incidents[0]
    }

    @Test func onlyTellsByDefault() {
        let advice = ResponsePolicy().advice(for: incident([.errors], .server, ["a": (1, 300), "b": (1, 2)]))
        #expect(advice.map(\.action) == [.alert])
        #expect(
            advice.first?.reason == "errors of pool api; 100% of the change is server a, 0.001 before, 0.3 now")
    }

    @Test func actsOnTheNameThatThePolicyLetsItActOn() {
        var policy = ResponsePolicy()
        policy.ejectsServers = true
        policy.quarantinesClients = true
        policy.canaries = ["next"]
        let failing = incident([.errors, .latency], .server, ["a": (1, 300), "b": (1, 2)])
        #expect(policy.advice(for: failing).map(\.action) == [.alert, .ejectServer("a")])
        let greedy = incident([.requests], .client, ["x": (10, 900), "y": (10, 12), "z": (10, 9)])
        #expect(policy.advice(for: greedy).map(\.action) == [.alert, .quarantineClient("x")])
        let canary = incident([.latency], .pool, ["next": (20, 80), "web": (400, 401)])
        #expect(policy.advice(for: canary).map(\.action) == [.alert, .rollBack(pool: "next")])
        #expect(policy.advice(for: canary).allSatisfy { (0...1).contains($0.confidence) && $0.expiry == 600 })
    }

    @Test func doesNotStopWhoWentQuiet() {
        var policy = ResponsePolicy()
        policy.quarantinesClients = true
        let silent = incident([.requests], .client, ["x": (900, 0), "y": (900, 905), "z": (900, 890)])
        #expect(silent.culprits.map(\.value) == ["x"])
        #expect(policy.advice(for: silent).map(\.action) == [.alert])
    }

    @Test func tightensLimitsWhenNobodyIsToBlame() {
        var policy = ResponsePolicy()
        policy.tightensLimits = true
        let flood = incident([.requests, .latency], .client, ["x": (10, 90), "y": (10, 91), "z": (10, 89)])
        #expect(policy.advice(for: flood).map(\.action) == [.alert, .tightenLimits])
        #expect(policy.advice(for: incident([.requests], .client, [:])).map(\.action) == [.alert])
    }
}
