internal import AyaTelemetry

/// The body of `/v1/status`: what is configured, its state and its counters since the start, for `aya status` and
/// whoever asks. Keys are stable; new ones may join.
enum StatusDocument {
    static func render(_ status: ServerStatus, _ metrics: MetricsSnapshot) -> [UInt8] {
        var writer = JSONWriter(Text())
        writer.object { document in
            document.member("version", status.version)
            document.member("generation", status.generation)
            document.member("state", status.readiness.rawValue)
            document.member("uptime_seconds", milliseconds(status.uptime))
            document.member("workers", metrics.workers)
            document.array("silent_workers") { list in for worker in status.silentWorkers { list.number(worker) } }
            document.array("listeners") { list in
                let counts = byName(metrics.listeners)
                for listener in status.listeners { write(listener, counts[listener.name], &list) }
            }
            document.array("routes") { list in
                for route in metrics.routes { write(route, &list) }
            }
            document.array("disabled_routes") { list in for name in status.disabledRoutes { list.string(name) } }
            document.array("pools") { list in
                let samples = Dictionary(metrics.pools.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
                for pool in status.pools { write(pool, samples[pool.name], &list) }
            }
            document.array("certificates") { list in
                for certificate in metrics.certificates { write(certificate, &list) }
            }
        }
        writer.raw("\n")
        return writer.sink.bytes
    }

    private typealias Writer = JSONWriter<Text>

    private static func write(_ listener: ServerStatus.Listener, _ counts: ListenerCounts?, _ list: inout Writer) {
        let counts = counts ?? ListenerCounts()
        list.object { member in
            member.member("name", listener.name)
            member.member("protocol", listener.kind)
            member.member("address", listener.address)
            member.member("connections_open", counts.connectionsOpen)
            member.member("connections_accepted", counts.connectionsAccepted)
            member.member("connections_refused", counts.connectionsRefused)
            member.member("flows_open", counts.flowsOpen)
            member.member("requests", counts.requests)
            member.member("bytes_received", counts.bytesReceived)
            member.member("bytes_sent", counts.bytesSent)
            write("sessions", counts.sessions, &member)
        }
    }

    private static func write(_ route: Sample<RouteCounts>, _ list: inout Writer) {
        list.object { member in
            member.member("name", route.name)
            member.member("in_flight", route.counts.inFlight)
            write("requests", route.counts.requests, &member)
            write("failures", route.counts.reasons, &member)
            write("duration_seconds", route.counts.duration, &member)
        }
    }

    private static func write(_ pool: ServerStatus.Pool, _ sample: PoolSample?, _ list: inout Writer) {
        let counts = byName(sample?.servers ?? [])
        list.object { member in
            member.member("name", pool.name)
            member.member("balance", pool.balance)
            member.member("retries", sample?.counts.retries ?? 0)
            member.member("panic", (sample?.counts.panic ?? 0) > 0)
            member.array("servers") { servers in
                for server in pool.servers { write(server, counts[server.address], &servers) }
            }
        }
    }

    private static func write(_ server: ServerStatus.Server, _ counts: ServerCounts?, _ list: inout Writer) {
        let counts = counts ?? ServerCounts()
        list.object { member in
            member.member("address", server.address)
            member.member("weight", server.weight)
            member.member("state", server.state.rawValue)
            if let since = server.since { member.member("since", Self.timestamp(since)) } else { member.null("since") }
            if let reason = server.reason { member.member("reason", reason) } else { member.null("reason") }
            member.member("in_flight", counts.inFlight)
            member.member("connections_open", counts.connectionsOpen)
            member.member("connections_idle", counts.connectionsIdle)
            member.member("connects", counts.connects)
            member.member("connect_failures", counts.connectFailures)
            member.member("reused", counts.reused)
            member.member("bytes_received", counts.bytesReceived)
            member.member("bytes_sent", counts.bytesSent)
            write("requests", counts.requests, &member)
            write("failures", counts.reasons, &member)
            write("first_byte_seconds", counts.firstByte, &member)
        }
    }

    private static func write(_ certificate: CertificateSample, _ list: inout Writer) {
        list.object { member in
            member.member("listener", certificate.listener)
            member.member("certificate", certificate.certificate)
            member.member("seconds_left", certificate.counts.expiry)
            member.member("failures", certificate.counts.failures)
            if let problem = certificate.problem { member.member("problem", problem) } else { member.null("problem") }
        }
    }

    private static func write(_ key: String, _ statuses: StatusCounts, _ writer: inout Writer) {
        writer.object(key) { member in
            for (index, label) in StatusCounts.labels.enumerated() { member.member(label, statuses[index]) }
        }
    }

    /// Only what occurred.
    private static func write(_ key: String, _ reasons: ReasonCounts, _ writer: inout Writer) {
        writer.object(key) { member in
            for reason in Reason.allCases where reasons[reason] > 0 { member.member(reason.code, reasons[reason]) }
        }
    }

    /// Over everything since the start; null while there is nothing.
    private static func write(_ key: String, _ histogram: Histogram, _ writer: inout Writer) {
        writer.object(key) { member in
            for (name, share) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99)] {
                if let value = histogram.quantile(share) {
                    member.member(name, value / .seconds(1))
                } else {
                    member.null(name)
                }
            }
        }
    }

    private static func timestamp(_ time: Int64) -> String {
        var text = Text()
        var timestamp = Timestamp()
        timestamp.append(time, to: &text)
        return text.string
    }

    private static func milliseconds(_ duration: Duration) -> Double {
        ((duration / .milliseconds(1)).rounded()) / 1_000
    }

    private static func byName<Counts>(_ samples: [Sample<Counts>]) -> [String: Counts] {
        Dictionary(samples.map { ($0.name, $0.counts) }, uniquingKeysWith: { first, _ in first })
    }
}
