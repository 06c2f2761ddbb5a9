internal import AyaCore
internal import Synchronization

/// The connection limits of one listener over all workers: touched once when a connection comes and once when it
/// goes, never by its requests.
package final class ClientGate: Sendable {
    private let limit: Atomic<Int>
    /// `Int.max` for none.
    private let limitPerClient: Atomic<Int>
    private let descriptors: DescriptorBudget
    private let open = Atomic<Int>(0)
    /// Used only with a limit for each client; never larger than the open connections.
    private let byClient = Mutex<[IPAddress: Int]>([:])

    package init(limit: Int, limitPerClient: Int?, descriptors: DescriptorBudget) {
        self.limit = Atomic(limit)
        self.limitPerClient = Atomic(limitPerClient ?? .max)
        self.descriptors = descriptors
    }

    /// Other limits from now on; whoever is inside stays.
    func setLimits(_ limit: Int, perClient: Int?) {
        self.limit.store(limit, ordering: .relaxed)
        limitPerClient.store(perClient ?? .max, ordering: .relaxed)
    }

    /// How many connections are open.
    package var count: Int { open.load(ordering: .relaxed) }

    /// Whether a descriptor may be spent on one more client.
    var mayAccept: Bool { descriptors.hasRoom }

    /// Takes a place, to be given back by the lease.
    func enter(_ client: IPAddress?) -> ClientLease? {
        if open.add(1, ordering: .relaxed).newValue > limit.load(ordering: .relaxed) {
            open.subtract(1, ordering: .relaxed)
            return nil
        }
        let limitPerClient = limitPerClient.load(ordering: .relaxed)
        let counted = limitPerClient < .max ? client : nil
        if let client = counted {
            let admitted = byClient.withLock { table in
                let count = table[client, default: 0]
                if count < limitPerClient { table[client] = count + 1 }
                return count < limitPerClient
            }
            if !admitted {
                open.subtract(1, ordering: .relaxed)
                return nil
            }
        }
        descriptors.take()
        return ClientLease(gate: self, client: counted)
    }

    fileprivate func leave(_ client: IPAddress?) {
        open.subtract(1, ordering: .relaxed)
        descriptors.giveBack()
        guard let client else { return }
        byClient.withLock { table in
            let count = table[client, default: 1] - 1
            table[client] = count > 0 ? count : nil
        }
    }
}

/// A connection's place in its listener's limits, given back when it is dropped: exactly once, by construction.
package struct ClientLease: ~Copyable {
    private let gate: ClientGate
    /// Nil when the client's connections are not counted.
    private let client: IPAddress?

    fileprivate init(gate: ClientGate, client: IPAddress?) {
        self.gate = gate
        self.client = client
    }

    deinit { gate.leave(client) }
}

/// How many descriptors the clients of the whole process may hold. A part of the limit is kept back for
/// connections to servers and for files: a proxy whose clients took everything could answer none of them.
package final class DescriptorBudget: Sendable {
    private let limit: Int
    private let used = Atomic<Int>(0)

    /// `total` is the process's limit of open files.
    package init(total: Int) { limit = max(8, total - max(64, total / 4)) }

    var hasRoom: Bool { used.load(ordering: .relaxed) < limit }
    func take() { used.add(1, ordering: .relaxed) }
    func giveBack() { used.subtract(1, ordering: .relaxed) }
}
