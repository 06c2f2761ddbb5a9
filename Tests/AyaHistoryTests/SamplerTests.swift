internal import AyaHistory
internal import AyaTelemetry
internal import Testing

@Suite struct SamplerTests {
    private struct World {
        let metrics = WorkerMetrics(
            shape: MetricsShape(
                listeners: ["web"], routes: ["site"],
                pools: [.init(name: "app", servers: ["10.0.0.1:80", "10.0.0.2:80"])]))
        var time = 0.0
        var sampler = Sampler(limit: 1_000)
        var surroundings = Surroundings(
            workers: 1, pools: ["app": .init(isLayer4: false, capacities: ["10.0.0.1:80": 10, "10.0.0.2:80": 10])])

        mutating func read(after seconds: Double = 1) -> Frame? {
            time += seconds
            return sampler.frame(
                at: .init(
                    metrics: metrics.snapshot(), surroundings: surroundings, wallTime: 1_000.002 + time,
                    steadyTime: time))
        }
    }

    private func value(_ frame: Frame?, _ name: String) throws -> Float {
        let frame = try #require(frame)
        let series = try #require(SeriesName(name))
        return frame.values[try #require(frame.roster.position(of: series))]
    }

    @Test func ratesAndLatenciesOfASecond() throws {
        var world = World()
        #expect(world.read() == nil)
        let server = world.metrics.pools[0].servers[0]
        for index in 0..<100 {
            server.counts.requests.record(status: index < 10 ? 503 : index < 30 ? 404 : 200)
            server.counts.firstByte.record(10_000_000)
            world.metrics.routes[0].counts.requests.record(status: 200)
            world.metrics.routes[0].counts.duration.record(20_000_000)
        }
        server.counts.inFlight = 5
        server.counts.bytesReceived = 4_000
        world.metrics.listeners[0].counts.requests = 100
        world.metrics.listeners[0].counts.connectionsOpen = 3
        let frame = world.read(after: 2)
        #expect(frame?.time == 1_002)
        #expect(try value(frame, "servers/app/10.0.0.1:80/requests") == 50)
        #expect(try value(frame, "pools/app/errors") == 5)
        #expect(try value(frame, "pools/app/client_errors") == 10)
        #expect(abs(try value(frame, "pools/app/latency_mean") - 0.01) < 0.0001)
        #expect(abs(try value(frame, "routes/site/latency_p99") - 0.02) < 0.003)
        #expect(try value(frame, "routes/site/requests") == 50)
        #expect(try value(frame, "pools/app/in_flight") == 5)
        #expect(try value(frame, "pools/app/saturation") == 0.25)
        #expect(try value(frame, "servers/app/10.0.0.1:80/saturation") == 0.5)
        #expect(try value(frame, "servers/app/10.0.0.1:80/bytes_in") == 2_000)
        #expect(try value(frame, "pools/app/servers_available") == 2)
        #expect(try value(frame, "aya/requests") == 50)
        #expect(try value(frame, "aya/connections") == 3)
        #expect(try value(frame, "aya/in_flight") == 5)
        let quiet = world.read()
        #expect(try value(quiet, "aya/requests") == 0)
        #expect(try value(quiet, "aya/latency_p99").isNaN)
    }

    @Test func seriesOfUnchangedThingsGoOnOverAReload() throws {
        var world = World()
        _ = world.read()
        world.metrics.listeners[0].counts.requests = 10
        #expect(try value(world.read(), "listeners/web/requests") == 10)
        let next = WorkerMetrics(
            shape: MetricsShape(
                listeners: ["admin2", "web"], routes: [], pools: [.init(name: "app", servers: ["10.0.0.2:80"])]),
            continuing: world.metrics)
        next.listeners[1].counts.requests = 30
        next.listeners[0].counts.requests = 7
        world.time += 1
        let frame = world.sampler.frame(
            at: .init(
                metrics: next.snapshot(), surroundings: world.surroundings, wallTime: 1_000 + world.time,
                steadyTime: world.time))
        #expect(try value(frame, "listeners/web/requests") == 20)
        #expect(try value(frame, "listeners/admin2/requests") == 7)
        #expect(frame?.roster.position(of: try #require(SeriesName("routes/site/requests"))) == nil)
    }

    /// One request a second, every tenth of them slow: no second's percentile tells of the minute's.
    @Test func percentilesOfAWholeMinute() throws {
        var world = World()
        world.time = 20
        // A minute begins at 1020 seconds.
        _ = world.read(after: 0)
        var found: [Percentiles] = []
        for second in 1...60 {
            world.metrics.pools[0].servers[1].counts.firstByte.record(second % 10 == 0 ? 1_000_000_000 : 10_000_000)
            _ = world.read()
            found += world.sampler.percentiles
        }
        let minute = try #require(found.first)
        #expect(minute.resolution == .minute && minute.time % 60 == 0)
        let values = try #require(minute.values[.pool("app")])
        #expect(abs(values.p50 - 0.01) < 0.002)
        #expect(abs(values.p99 - 1) < 0.2)
        #expect(minute.values[.server("10.0.0.2:80", of: "app")] == values)
        #expect(minute.values[.server("10.0.0.1:80", of: "app")] == nil)
    }

    @Test func whatTheLimitLeavesOutIsCounted() throws {
        var world = World()
        world.sampler = Sampler(limit: 40)
        _ = world.read()
        let second = world.read()
        let frame = try #require(second)
        #expect(frame.roster.subjects.map(\.name) == ["aya", "listeners/web", "pools/app", "routes/site"])
        #expect(frame.values.count == 37)
        #expect(world.sampler.overflow == 24)
    }
}
