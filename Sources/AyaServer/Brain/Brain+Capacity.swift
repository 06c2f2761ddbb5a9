internal import AyaBrain
internal import AyaConfig
internal import AyaExport
internal import AyaTelemetry

/// What the brain does about the number of servers: it tells, and has it changed where somebody is named who can.
extension Brain {
    func scale(
        _ pool: String, _ capacity: Blueprint.Brain.Capacity, _ advice: CapacityAdvice, at time: Double
    ) async {
        guard
            let told = book.add(
                .capacity, "pools/\(pool)", "scale to \(advice.servers) servers", value: Double(advice.servers),
                confidence: advice.confidence, reason: advice.reason, expiry: advice.expiry, at: time)
        else { return }
        log.notice(
            "servers wanted",
            ["pool": pool, "servers": "\(advice.servers)", "present": "\(advice.present)", "reason": advice.reason])
        guard capacity.actuator != nil else { return close(told.id, "told") }
        let wish = CapacityWish(
            id: "\(pool)-\(Int64(time))-\(told.id)", pool: pool, servers: advice.servers, present: advice.present,
            confidence: advice.confidence, reason: advice.reason, demand: advice.demand, seconds: advice.seconds,
            perServer: advice.perServer, time: time)
        await acts.scaler.take(
            Scaler.Order(wish: wish, advice: advice, capacity: capacity) { [weak self] outcome in
                await self?.note(outcome, of: wish, as: told.id)
            })
    }

    private func note(_ outcome: Scaler.Outcome, of wish: CapacityWish, as id: Int) {
        let (pool, servers) = (wish.pool, "\(wish.servers)")
        switch outcome {
        case .changed(let text):
            log.notice("servers asked for", ["pool": pool, "servers": servers, "outcome": text])
            let step = Step("servers of \(pool)", from: "\(wish.present)", to: "\(servers) wanted")
            close(id, text, step)
        case .left(let text):
            log.notice("servers not asked for", ["pool": pool, "servers": servers, "outcome": text])
            // Nothing was done that an audit would have to tell.
            book.close(id, text)
        case .failed(let text):
            close(id, "failed: \(text)")
            // What does not come is not waited for.
            minds[wish.pool]?.giveUpAsking()
        case .overtaken: book.close(id, "overtaken by newer advice")
        }
    }

    /// More is to come soon: connections are opened, and whoever warms caches is told.
    func prepare(
        _ pool: String, _ brain: Blueprint.Brain, for rise: RiseWatch.Rise, from demand: Double
    ) async {
        if rise.isNews {
            log.notice(
                "load will rise",
                [
                    "pool": pool, "requests_per_second": Self.short(rise.demand), "now": Self.short(demand),
                    "seconds": "\(Int(rise.seconds))",
                ])
        }
        // Again each minute, since what nobody uses is closed after a while.
        let connections = brain.capacity?.connectionsAhead ?? 0
        if connections > 0 { acts.connectAhead(connections, in: pool) }
    }
}

extension CapacityPolicy {
    init(_ configured: Blueprint.Brain.Capacity) {
        self.init(
            least: configured.least, most: configured.most, leadTime: configured.leadTime / .seconds(1))
        costWeight = configured.costWeight
    }
}

extension Blueprint.Brain.Capacity {
    /// For people.
    var summary: String {
        let means = actuator.map { ", by \($0.name)" } ?? ""
        return "\(least) to \(most) servers\(means)\(isDryRun ? ", dry run" : "")"
    }
}
