/// The rows of the tables of `aya top`.
struct TopRows {
    private let report: ServerReport
    private let values: [String: Double]

    init(_ report: ServerReport, _ values: [String: Double]) {
        self.report = report
        self.values = values
    }

    func rows(of page: TopPage) -> [[TopCell]] {
        switch page {
        case .overview: report.listeners.map(row)
        case .routes: (report.routes ?? []).map { [TopCell($0.name)] + traffic("routes/\($0.name)", $0.inFlight) }
        case .pools: report.pools.map(row)
        case .servers: report.pools.flatMap { pool in pool.servers.map { row($0, of: pool) } }
        case .events: []
        }
    }

    private func row(_ listener: ServerReport.Listener) -> [TopCell] {
        let name = "listeners/\(listener.name)"
        return [
            TopCell("\(listener.name) \(listener.address)"), TopCell(listener.protocol),
            .rate(values["\(name)/requests"]), .count(listener.connectionsOpen + listener.flowsOpen),
            .bytes(values["\(name)/bytes_in"]), .bytes(values["\(name)/bytes_out"]),
        ]
    }

    private func row(_ pool: ServerReport.Pool) -> [TopCell] {
        let name = "pools/\(pool.name)"
        let up = pool.servers.count { $0.takesWork }
        return [TopCell(pool.name), TopCell(pool.balance)]
            + traffic(name, pool.servers.reduce(0) { $0 + $1.inFlight })
            + [.some(up, of: pool.servers.count), .share(values["\(name)/saturation"])]
    }

    private func row(_ server: ServerReport.Server, of pool: ServerReport.Pool) -> [TopCell] {
        let style: TextLine.Style = server.takesWork ? .good : server.state == "draining" ? .warning : .bad
        return [TopCell(server.address), TopCell(pool.name), TopCell(server.state, style: style)]
            + traffic("servers/\(pool.name)/\(server.address)", server.inFlight) + [.count(server.weight)]
    }

    private func traffic(_ name: String, _ inFlight: Int) -> [TopCell] {
        [
            .rate(values["\(name)/requests"]), .errors(values["\(name)/errors"]),
            .time(values["\(name)/latency_p50"]), .time(values["\(name)/latency_p99"]), .count(inFlight),
        ]
    }
}

extension ServerReport.Server {
    /// Neither down nor ejected, nor on its way out.
    var takesWork: Bool { state == "available" || state == "full" }
}

/// The figures on top of the overview.
enum TopOverview {
    static func lines(_ report: ServerReport, _ source: TopSource, width: Int) -> [TextLine] {
        let values = source.values
        func rate(_ name: String) -> String { values["aya/\(name)"].map(TopFigures.rate) ?? "-" }
        func time(_ name: String) -> String { Figures.time(values["aya/\(name)"]) }
        let servers = report.pools.flatMap(\.servers)
        let up = servers.count { $0.takesWork }
        var lines = [
            line("requests", [("\(rate("requests"))/s", .strong)], source.past.requests, width),
            line(
                "errors", [("\(rate("errors"))/s", (values["aya/errors"] ?? 0) > 0 ? .bad : .good)],
                source.past.errors, width),
            line("latency p99", [(time("latency_p99"), .strong)], source.past.p99, width),
        ]
        lines.append(
            TextLine(
                "p50 \(time("latency_p50"))   mean \(time("latency_mean"))   client errors \(rate("client_errors"))/s   "
                    + "in flight \(Figures.decimal(values["aya/in_flight"] ?? 0, 0))"))
        var last = TextLine("servers ")
        last.add("\(up) of \(servers.count)", up == servers.count ? .good : .bad)
        last.add(
            "   in \(TopFigures.bytes(values["aya/bytes_in"]))/s   out \(TopFigures.bytes(values["aya/bytes_out"]))/s")
        if let busy = values["aya/saturation"] { last.add("   workers \(Figures.decimal(busy * 100, 0))% busy") }
        lines.append(last)
        return lines + troubles(report) + [TextLine()]
    }

    private static func line(
        _ name: String, _ figures: [(String, TextLine.Style)], _ past: [Double], _ width: Int
    ) -> TextLine {
        var line = TextLine(padded(name, 13), .faint)
        for (text, style) in figures { line.add(padded(text, 12), style) }
        line.add(TopFigures.spark(past, width: min(120, width - line.width)), .accent)
        return line
    }

    /// Workers that hang, and servers that take no work, with the reason; a few of them.
    private static func troubles(_ report: ServerReport) -> [TextLine] {
        let silent = (report.silentWorkers ?? []).map { TextLine("worker \($0) does not answer", .bad) }
        let down = report.pools.flatMap { pool in pool.servers.filter { !$0.takesWork }.map { (pool.name, $0) } }
        var lines = down.prefix(4).map { pool, server in
            TextLine("\(pool)/\(server.address) is \(server.state)" + (server.reason.map { ": \($0)" } ?? ""), .warning)
        }
        if down.count > lines.count { lines.append(TextLine("and \(down.count - lines.count) more", .warning)) }
        return silent + lines
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
