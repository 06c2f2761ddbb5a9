internal import AyaBrain
internal import AyaConfig
internal import AyaCore
internal import AyaHistory
internal import AyaProxy

/// Which client a rush comes from, and holding it to less: only where a pool lets it, since nobody's clients are looked
/// at otherwise.
extension Brain {
    /// Seconds of looking.
    private static let look: Int64 = 10
    /// Names that a change may come from.
    private static let mostClients = 256
    /// The least that a client may have, in requests a second.
    private static let leastRate = 1.0

    /// Counts who asks, and acts when most of a rush comes from one.
    func lookAtClients(of pool: String, _ id: Int, at time: Double) async {
        guard counting.insert(pool).inserted else { return }
        defer { counting.remove(pool) }
        let seconds = max(1, min(interval, Self.look))
        let counts = await acts.countClients(for: .seconds(seconds))
        let total = counts.byClient.values.reduce(counts.others, +)
        guard total > 0 else { return }
        let usual = slices.usualRequests(.pool(pool), in: Double(interval))
        let each = usual * Double(seconds) / Double(max(1, counts.byClient.count))
        let most = counts.byClient.sorted { $0.value > $1.value }.prefix(Self.mostClients)
        var parts = most.map { client, count in
            Slice(
                .client, "\(client)", before: .init(events: each, base: 1),
                during: .init(events: Double(count), base: 1))
        }
        let rest = total - most.reduce(0) { $0 + $1.value }
        parts.append(
            Slice(.client, "others", before: .init(events: each, base: 1), during: .init(events: Double(rest), base: 1))
        )
        guard let culprit = DrillDown.culprits(of: parts).first, culprit.value != "others" else { return }
        watch.explain(id, by: parts)
        guard let incident = watch.log.incidents.first(where: { $0.id == id }) else { return }
        // What one client may have is what it would have on a usual day, and as much again.
        usualRates[culprit.value] = max(Self.leastRate, 2 * each / Double(seconds))
        var policy = ResponsePolicy()
        policy.expiry = Self.holding * Double(interval)
        policy.quarantinesClients = true
        for advice in policy.advice(for: incident, in: pool) where advice.action == .quarantineClient(culprit.value) {
            follow(advice, incident, pool, at: time)
        }
    }

    /// Holds a client to less for some time.
    func quarantine(_ client: String, for time: Double) async -> (outcome: String, step: Step?) {
        guard let address = IPAddress(client), let rate = usualRates.removeValue(forKey: client) else {
            return ("not quarantined: its address is not known", nil)
        }
        guard quarantined[address] == nil else { return ("not quarantined: it is held to less already", nil) }
        quarantined[address] = rate
        await acts.limitClients(quarantined)
        Task {
            try? await Task.sleep(for: .seconds(time))
            quarantined[address] = nil
            await acts.limitClients(quarantined)
        }
        let words = "held to \(Self.short(rate)) requests a second"
        return (words, Step("clients/\(client)", from: "no limit", to: words))
    }
}
