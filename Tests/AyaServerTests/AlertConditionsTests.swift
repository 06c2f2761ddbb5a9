internal import AyaConfig
internal import AyaServer
internal import AyaTelemetry
internal import Testing

@Suite struct AlertConditionsTests {
    /// A route's counters after so many exchanges, of which some failed and some took half a second.
    static func look(_ time: Double, requests: Int, failed: Int, slow: Int = 0) -> AlertConditions.Look {
        var counts = RouteCounts()
        for index in 0..<requests {
            counts.requests.record(status: index < failed ? 503 : 200)
            counts.duration.record(index < slow ? 500_000_000 : 1_000_000)
        }
        let snapshot = MetricsSnapshot(routes: [Sample(name: "api", counts: counts)])
        return .init(
            time: time, metrics: snapshot,
            facts: ProcessFacts(version: "1", openDescriptors: 95, maximumDescriptors: 100))
    }

    static func blueprint(_ rules: Blueprint.Alerts.Condition..., slo: Blueprint.Objective? = nil) -> Blueprint {
        var route = Blueprint.Route(name: "api", action: .respond(.init(status: 200)))
        route.slo = slo
        var blueprint = Blueprint(routes: [route])
        var alerts = Blueprint.Alerts()
        alerts.rules = rules.enumerated().map { .init(name: "rule\($0)", condition: $1) }
        blueprint.alerts = alerts
        return blueprint
    }

    @Test func ratesAreOfTheLastMinute() {
        var conditions = AlertConditions()
        let blueprint = Self.blueprint(.errorRate(above: 0.1), .p99(above: .milliseconds(100)))
        #expect(conditions.findings(Self.look(0, requests: 1_000, failed: 900), blueprint).isEmpty)
        #expect(conditions.findings(Self.look(30, requests: 2_000, failed: 950), blueprint).isEmpty)
        let found = conditions.findings(Self.look(50, requests: 2_100, failed: 1_300, slow: 100), blueprint)
        #expect(found.map(\.key.name) == ["rule0", "rule1"])
        #expect(found.allSatisfy { $0.key.subject == "routes/api" })
        #expect(abs((found.first?.value ?? 0) - 400.0 / 1_100) < 0.001)
        // An hour later that is forgotten.
        #expect(conditions.findings(Self.look(3_600, requests: 3_000, failed: 1_300), blueprint).isEmpty)
    }

    @Test func descriptors() {
        var conditions = AlertConditions()
        let found = conditions.findings(Self.look(0, requests: 0, failed: 0), Self.blueprint(.descriptors(above: 0.9)))
        #expect(found.map(\.value) == [0.95] && found.first?.key.subject == "aya")
    }

    /// A tenth of what is allowed fails: nothing; then all of it: a page, until the short window has forgotten.
    @Test func budgetsThatBurn() {
        var slo = Blueprint.Objective()
        slo.availability = 0.99
        let blueprint = Self.blueprint(slo: slo)
        var conditions = AlertConditions()
        var (requests, failed, urgencies) = (0, 0, [Alert.Urgency?]())
        for minute in 0..<120 {
            requests += 100
            if minute % 10 == 0 { failed += 1 }
            if (60..<66).contains(minute) { failed += 90 }
            let found = conditions.findings(
                Self.look(Double(minute) * 60, requests: requests, failed: failed), blueprint)
            urgencies.append(found.first?.urgency)
        }
        #expect(urgencies[0..<60].allSatisfy { $0 == nil })
        #expect(urgencies[71] == .page || urgencies[66] == .page)
        #expect(urgencies[119] != .page)
    }
}
