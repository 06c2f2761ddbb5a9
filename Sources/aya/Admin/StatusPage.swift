/// A report laid out for a terminal of 80 columns.
struct StatusPage {
    let text: String

    init(_ report: ServerReport) {
        let workers = Count(report.workers, "worker")
        var lines = [
            "aya \(report.version), \(report.state), up \(Figures.uptime(report.uptimeSeconds)), \(workers), "
                + "generation \(report.generation)",
            "",
        ]
        lines += (report.silentWorkers ?? []).map { "worker \($0) does not answer; its connections wait" }
        lines += Self.listeners(report.listeners)
        for pool in report.pools { lines += ["", Self.title(pool)] + Self.servers(pool.servers) }
        lines += Self.certificates(report.certificates ?? [])
        text = lines.joined(separator: "\n") + "\n"
    }

    private static func listeners(_ listeners: [ServerReport.Listener]) -> [String] {
        var table = Table([
            .left("LISTENER"), .left("PROTOCOL"), .left("ADDRESS"), .right("OPEN"), .right("ACCEPTED"),
            .right("REQUESTS"), .right("IN"), .right("OUT"),
        ])
        for listener in listeners {
            table.add([
                listener.name, listener.protocol, listener.address,
                Figures.count(listener.connectionsOpen + listener.flowsOpen),
                Figures.count(listener.connectionsAccepted), Figures.count(listener.requests),
                Figures.bytes(listener.bytesReceived), Figures.bytes(listener.bytesSent),
            ])
        }
        return table.lines
    }

    /// How many there are and which ends first; each of those that something speaks against.
    private static func certificates(_ certificates: [ServerReport.Certificate]) -> [String] {
        guard let first = certificates.min(by: { $0.secondsLeft < $1.secondsLeft }) else { return [] }
        let end = first.secondsLeft > 0 ? "ends in \(Figures.uptime(first.secondsLeft))" : "has ended, or never came"
        var lines = ["", "\(Count(certificates.count, "certificate")), of which \(first.certificate) \(end)"]
        for certificate in certificates {
            guard let problem = certificate.problem else { continue }
            lines.append("  \(certificate.certificate) (\(certificate.listener)): \(problem)")
        }
        return lines
    }

    private static func title(_ pool: ServerReport.Pool) -> String {
        let retries = pool.retries == 1 ? "1 retry" : "\(Figures.count(pool.retries)) retries"
        let panic = pool.panic == true ? ", panic: verdicts are ignored" : ""
        return "pool \(pool.name) (\(pool.balance), \(retries)\(panic))"
    }

    private static func servers(_ servers: [ServerReport.Server]) -> [String] {
        // A pool of a TCP or UDP listener sees no requests.
        let hasSessions = servers.allSatisfy { $0.requestCount == 0 } && servers.contains { $0.connects > 0 }
        var table = Table([
            .left("  SERVER"), .left("STATE"), .right(hasSessions ? "SESSIONS" : "REQUESTS"), .right("ERRORS"),
            .right("IN FLIGHT"),
            .right("IDLE"), .right("P50"), .right("P99"),
        ])
        for server in servers {
            table.add([
                "  " + server.address, server.state,
                Figures.count(hasSessions ? server.connects : server.requestCount),
                Figures.count(server.errorCount), Figures.count(server.inFlight),
                Figures.count(server.connectionsIdle), Figures.time(server.firstByteSeconds.p50),
                Figures.time(server.firstByteSeconds.p99),
            ])
        }
        return table.lines + servers.compactMap(explanation)
    }

    /// Why a server is not as it should be, on a line of its own: reasons are too long for a column.
    private static func explanation(_ server: ServerReport.Server) -> String? {
        guard let reason = server.reason else { return nil }
        let since = server.since.map { " since \($0.prefix(19).replacing("T", with: " "))" } ?? ""
        return "  \(server.address) is \(server.state)\(since): \(reason)"
    }
}
