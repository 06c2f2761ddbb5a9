/// What happened between two looks at the counters, under the names that history gives it: for an Aya that keeps none,
/// and for what its feed leaves out.
extension ServerReport {
    func rates(since earlier: ServerReport, seconds: Double) -> [String: Double] {
        var rates = Rates(seconds: seconds)
        let listenersBefore = Dictionary(
            earlier.listeners.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for listener in listeners {
            let before = listenersBefore[listener.name]
            rates.add("listeners/\(listener.name)/requests", listener.requests, before?.requests)
            rates.add("listeners/\(listener.name)/bytes_in", listener.bytesReceived, before?.bytesReceived)
            rates.add("listeners/\(listener.name)/bytes_out", listener.bytesSent, before?.bytesSent)
            rates.sum("aya/requests", "listeners/\(listener.name)/requests")
            rates.sum("aya/bytes_in", "listeners/\(listener.name)/bytes_in")
            rates.sum("aya/bytes_out", "listeners/\(listener.name)/bytes_out")
            rates.set("aya/connections", plus: Double(listener.connectionsOpen + listener.flowsOpen))
        }
        let routesBefore = Dictionary(
            (earlier.routes ?? []).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for route in routes ?? [] {
            let before = routesBefore[route.name]
            let name = "routes/\(route.name)"
            rates.add("\(name)/requests", route.requests.values.reduce(0, +), before?.requests.values.reduce(0, +))
            rates.add("\(name)/errors", route.requests["5xx"] ?? 0, before?.requests["5xx"])
            rates.add("\(name)/client_errors", route.requests["4xx"] ?? 0, before?.requests["4xx"])
            rates.sum("aya/errors", "\(name)/errors")
            rates.sum("aya/client_errors", "\(name)/client_errors")
            rates.set("\(name)/in_flight", plus: Double(route.inFlight))
            rates.set("\(name)/latency_p50", plus: route.durationSeconds.p50)
            rates.set("\(name)/latency_p99", plus: route.durationSeconds.p99)
        }
        for pool in pools { rates.add(pool, since: earlier.pools.first { $0.name == pool.name }) }
        return rates.values
    }
}

private struct Rates {
    let seconds: Double
    private(set) var values: [String: Double] = [:]

    init(seconds: Double) { self.seconds = seconds }

    /// What was not there before has begun at nothing.
    mutating func add(_ name: String, _ now: Int, _ before: Int?) {
        values[name] = Double(max(0, now - (before ?? 0))) / seconds
    }

    mutating func sum(_ whole: String, _ part: String) { values[whole, default: 0] += values[part] ?? 0 }

    mutating func set(_ name: String, plus value: Double?) {
        if let value { values[name, default: 0] += value }
    }

    mutating func add(_ pool: ServerReport.Pool, since earlier: ServerReport.Pool?) {
        let before = Dictionary(
            (earlier?.servers ?? []).map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
        let whole = "pools/\(pool.name)"
        for server in pool.servers {
            let former = before[server.address]
            let name = "servers/\(pool.name)/\(server.address)"
            let isLayer4 = server.requestCount == 0
            add(
                "\(name)/requests", isLayer4 ? server.connects : server.requestCount,
                isLayer4 ? former?.connects : former?.requestCount)
            add("\(name)/errors", server.errorCount, former?.errorCount)
            set("\(name)/in_flight", plus: Double(server.inFlight))
            set("\(name)/latency_p50", plus: server.firstByteSeconds.p50)
            set("\(name)/latency_p99", plus: server.firstByteSeconds.p99)
            sum("\(whole)/requests", "\(name)/requests")
            sum("\(whole)/errors", "\(name)/errors")
            sum("\(whole)/in_flight", "\(name)/in_flight")
        }
        sum("aya/in_flight", "\(whole)/in_flight")
    }
}
