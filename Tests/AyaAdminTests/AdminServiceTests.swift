internal import AyaAdmin
internal import AyaHTTP
internal import AyaTelemetry
internal import Foundation
internal import Testing

@Suite struct AdminServiceTests {
    struct FixedSource: StatusSource {
        var silentWorkers: [Int] = []
        var state = Readiness.ready

        func metrics() async -> MetricsSnapshot {
            let metrics = WorkerMetrics(
                shape: MetricsShape(
                    listeners: ["web"], routes: ["site"],
                    pools: [MetricsShape.Pool(name: "app", servers: ["127.0.0.1:1", "127.0.0.1:2"])]))
            metrics.listeners[0].counts.requests &+= 3
            metrics.routes[0].counts.requests.record(status: 200)
            metrics.routes[0].counts.duration.record(2_000_000)
            metrics.routes[0].counts.reasons.record(.clientGone)
            metrics.pools[0].counts.retries &+= 1
            metrics.pools[0].servers[1].counts.connects &+= 4
            return MetricsSnapshot.merge([metrics.snapshot(), metrics.snapshot()])
        }

        func facts() async -> ProcessFacts { ProcessFacts(version: "1.2") }
        func readiness() async -> Readiness { state }

        func status() async -> ServerStatus {
            ServerStatus(
                version: "1.2", readiness: state, uptime: .milliseconds(61_500),
                listeners: [ServerStatus.Listener(name: "web", kind: "http", address: "0.0.0.0:8080")],
                pools: [
                    ServerStatus.Pool(
                        name: "app", balance: "round_robin",
                        servers: [
                            ServerStatus.Server(address: "127.0.0.1:1", weight: 1),
                            ServerStatus.Server(address: "127.0.0.1:2", weight: 3, state: .full),
                        ])
                ])
        }
    }

    static func ask(_ method: String, _ path: String, _ source: FixedSource = FixedSource()) async -> ServiceResponse {
        await AdminService(source).respond(to: ServiceRequest(method: method, path: path))
    }

    static func header(_ name: String, _ response: ServiceResponse) -> String? {
        response.headers.first { $0.name == name }?.value
    }

    @Test(arguments: ["GET", "HEAD"]) func healthIsOk(method: String) async {
        #expect(await Self.ask(method, "/healthz").status == 200)
    }

    @Test func aSilentWorkerIsNoHealth() async {
        let response = await Self.ask("GET", "/healthz", FixedSource(silentWorkers: [1]))
        #expect(response.status == 503)
        #expect(String(decoding: response.body, as: UTF8.self) == "worker 1 does not answer\n")
    }

    @Test(arguments: Readiness.allCases) func readinessFollowsTheState(state: Readiness) async {
        let response = await Self.ask("GET", "/readyz", FixedSource(state: state))
        #expect(response.status == (state == .ready ? 200 : 503))
        #expect(String(decoding: response.body, as: UTF8.self) == state.rawValue + "\n")
        #expect(await Self.ask("GET", "/healthz", FixedSource(state: state)).status == 200)
    }

    @Test func metricsArePrometheusText() async {
        let response = await Self.ask("GET", "/metrics")
        #expect(Self.header("content-type", response) == PrometheusExposition.contentType)
        let text = String(decoding: response.body, as: UTF8.self)
        #expect(text.contains("aya_listener_requests_total{listener=\"web\"} 6\n"))
        #expect(text.contains("aya_workers 2\n"))
    }

    @Test func statusJoinsStateAndCounters() async throws {
        let response = await Self.ask("GET", "/v1/status")
        #expect(Self.header("content-type", response) == "application/json")
        let document = try #require(try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any])
        #expect(document["version"] as? String == "1.2")
        #expect(document["state"] as? String == "ready")
        #expect(document["uptime_seconds"] as? Double == 61.5)
        #expect(document["workers"] as? Int == 2)
        let listener = try #require((document["listeners"] as? [[String: Any]])?.first)
        #expect(listener["requests"] as? Int == 6 && listener["protocol"] as? String == "http")
        let route = try #require((document["routes"] as? [[String: Any]])?.first)
        #expect((route["requests"] as? [String: Int])?["2xx"] == 2)
        #expect((route["failures"] as? [String: Int]) == ["client_gone": 2])
        let pool = try #require((document["pools"] as? [[String: Any]])?.first)
        let servers = try #require(pool["servers"] as? [[String: Any]])
        #expect(servers.map { $0["state"] as? String } == ["available", "full"])
        #expect(servers.map { $0["connects"] as? Int } == [0, 8])
    }

    @Test(arguments: ["/", "/healthz/", "/v1", "/v1/status/x", ""]) func unknownPathIsAProblem(path: String)
        async throws
    {
        let response = await Self.ask("GET", path)
        #expect(response.status == 404)
        #expect(Self.header("content-type", response) == "application/problem+json")
        let problem = try #require(try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any])
        #expect(problem["status"] as? Int == 404 && problem["code"] as? String == "not_found")
    }

    @Test(arguments: ["POST", "DELETE", "get"]) func otherMethodsAreNotAllowed(method: String) async {
        let response = await Self.ask(method, "/metrics")
        #expect(response.status == 405)
        #expect(Self.header("allow", response) == "GET, HEAD")
    }

    @Test func processFactsAreThere() {
        let facts = ProcessFacts.current(version: "1", generation: 2, startTime: 3)
        #expect(facts.residentBytes > 1 << 20 && facts.openDescriptors >= 3 && facts.maximumDescriptors > 10)
        #expect(facts.processorSeconds > 0)
    }
}
