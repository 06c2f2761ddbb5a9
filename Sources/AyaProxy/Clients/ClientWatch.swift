package import AyaCore
internal import AyaReactor

/// Who asks how often, while somebody wants to know, and who may not ask as often any more. It exists only meanwhile: a
/// usual exchange pays for one comparison with nil.
///
/// Addresses are held in memory alone, as many as a bound allows, and only for as long as it takes.
final class ClientWatch {
    private struct Allowance {
        /// Requests a second.
        var rate: Double
        var tokens: Double
        var last: Instant
    }

    /// Beyond, newcomers are counted together: whoever has so many addresses is not stopped by one of them.
    private static let mostCounted = 4_096
    /// Seconds of the rate that may come at once.
    private static let burst = 2.0

    /// Nil while nobody counts.
    private var counts: ClientCounts?
    private var allowances: [IPAddress: Allowance] = [:]

    var isIdle: Bool { counts == nil && allowances.isEmpty }

    /// Whether a request may go on.
    func admits(_ client: IPAddress?, _ now: Instant) -> Bool {
        guard let client else { return true }
        counts?.add(client, atMost: Self.mostCounted)
        guard var allowance = allowances[client] else { return true }
        let seconds = max(0, (now - allowance.last).seconds)
        allowance.tokens = min(allowance.tokens + seconds * allowance.rate, max(1, Self.burst * allowance.rate))
        allowance.last = now
        let isAdmitted = allowance.tokens >= 1
        if isAdmitted { allowance.tokens -= 1 }
        allowances[client] = allowance
        return isAdmitted
    }

    /// Begins to count, or ends and gives what was counted.
    func count(_ isOn: Bool) -> ClientCounts {
        defer { counts = isOn ? ClientCounts() : nil }
        return counts ?? ClientCounts()
    }

    /// Holds these clients, and no others, to so many requests a second each.
    func limit(_ rates: [IPAddress: Double], now: Instant) {
        allowances = rates.reduce(into: [:]) { table, entry in
            let known = allowances[entry.key]
            table[entry.key] = Allowance(rate: entry.value, tokens: known?.tokens ?? 1, last: known?.last ?? now)
        }
    }
}

/// Requests by client.
package struct ClientCounts: Sendable {
    package private(set) var byClient: [IPAddress: Int] = [:]
    /// Of clients that found no place in the table.
    package private(set) var others = 0

    package init() {}

    mutating func add(_ client: IPAddress, atMost limit: Int) {
        if byClient[client] != nil || byClient.count < limit {
            byClient[client, default: 0] &+= 1
        } else {
            others &+= 1
        }
    }

    package mutating func add(_ counts: ClientCounts) {
        byClient.merge(counts.byClient, uniquingKeysWith: &+)
        others &+= counts.others
    }
}

extension Runtime {
    /// Begins to count requests by client, or ends and gives what was counted.
    package func countClients(_ isOn: Bool) -> ClientCounts { withClientWatch { $0.count(isOn) } }

    /// Holds these clients, and no others, to so many requests a second each.
    package func limitClients(_ rates: [IPAddress: Double]) {
        withClientWatch { $0.limit(rates, now: worker.now) }
    }

    private func withClientWatch<Value>(_ body: (ClientWatch) -> Value) -> Value {
        let watch = clientWatch ?? ClientWatch()
        defer { clientWatch = watch.isIdle ? nil : watch }
        return body(watch)
    }
}
