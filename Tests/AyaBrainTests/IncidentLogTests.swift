internal import AyaBrain
internal import Testing

@Suite struct IncidentLogTests {
    private let server = Subject([.pool: "api", .server: "10.0.0.1:80"])
    private let neighbour = Subject([.pool: "api", .server: "10.0.0.2:80"])
    private let elsewhere = Subject([.pool: "web"])

    private func alarm(
        _ subject: Subject, at time: Double, measure: SeriesName.Measure = .errors, score: Double = 0.7
    ) -> Alarm {
        Alarm(
            series: SeriesName(measure, of: subject), sample: Sample(time: time, value: 9),
            verdict: Verdict(score: score, isAlarm: true, cause: .shape, usual: 1))
    }

    @Test func alarmsOfOneTroubleAreOneIncident() {
        var log = IncidentLog()
        guard case .opened(let first) = log.record(alarm(server, at: 0)) else {
            Issue.record("not opened")
            return
        }
        #expect(first.subject == server)
        #expect(log.record(alarm(server, at: 60, measure: .latency, score: 0.9)).incident.subject == server)
        guard case .joined(let joined) = log.record(alarm(neighbour, at: 120)) else {
            Issue.record("not joined")
            return
        }
        #expect(joined.id == first.id && joined.alarmCount == 3 && joined.worst == 0.9)
        #expect(joined.subject == Subject([.pool: "api"]))
        #expect(joined.evidence.map(\.series.measure) == [.errors, .latency, .errors])
        #expect(log.record(alarm(Subject(), at: 180)).incident.subject == Subject([.pool: "api"]))
        #expect(log.open.count == 1)
    }

    @Test func unrelatedTroubleIsAnotherIncident() {
        var log = IncidentLog()
        _ = log.record(alarm(server, at: 0))
        guard case .opened = log.record(alarm(elsewhere, at: 1)) else {
            Issue.record("not opened")
            return
        }
        #expect(log.open.map(\.subject) == [server, elsewhere])
    }

    @Test func quietEndsAndRelapseGoesOn() {
        var policy = IncidentLog.Policy()
        policy.quiet = 100
        policy.relapse = 1_000
        var log = IncidentLog(policy: policy)
        _ = log.record(alarm(server, at: 0))
        #expect(log.advance(to: 99).isEmpty)
        #expect(log.advance(to: 100).map(\.ended) == [100])
        #expect(log.advance(to: 200).isEmpty)
        guard case .reopened(let incident) = log.record(alarm(server, at: 900)) else {
            Issue.record("not reopened")
            return
        }
        #expect(incident.ended == nil && incident.began == 0 && incident.alarmCount == 2)
        _ = log.advance(to: 1_000)
        guard case .opened = log.record(alarm(server, at: 2_001)) else {
            Issue.record("not opened")
            return
        }
    }

    @Test func forgetsWhatIsOverFirst() {
        var policy = IncidentLog.Policy()
        policy.capacity = 2
        policy.evidence = 1
        var log = IncidentLog(policy: policy)
        _ = log.record(alarm(server, at: 0))
        _ = log.record(alarm(elsewhere, at: 800))
        _ = log.record(alarm(elsewhere, at: 1_000, measure: .latency))
        _ = log.record(alarm(Subject([.route: "r"]), at: 1_001))
        #expect(log.incidents.map(\.subject) == [elsewhere, Subject([.route: "r"])])
        #expect(log.incidents[0].evidence.count == 1 && log.incidents[0].alarmCount == 2)
    }

    @Test func timesThatGoBackwardsDoNoHarm() {
        var log = IncidentLog()
        _ = log.record(alarm(server, at: 1_000))
        #expect(log.record(alarm(server, at: 10)).incident.lastAlarm == 1_000)
        #expect(log.advance(to: -.infinity).isEmpty && log.advance(to: .nan).isEmpty)
    }

    @Test func subjectsReadAsSentences() {
        #expect(server.description == "pool api, server 10.0.0.1:80")
        #expect(SeriesName(.latency).description == "latency of everything")
    }
}
