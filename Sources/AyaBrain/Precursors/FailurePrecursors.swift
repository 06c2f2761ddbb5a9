/// Watches the servers of a pool for the signs that come before a failure, and advises to drain early.
///
/// It never advises for more than a third of the pool, and says nothing when half of it shows the signs at once: that
/// is no server's fault. Advice that nothing came of makes it more cautious, advice that was right less so again.
package struct FailurePrecursors: Sendable {
    private struct Server: Sendable {
        var wear = Wear()
        /// Intervals since advice was given; nil without.
        var advised: Int?
        var silent = 0
    }

    /// The sums from which on advice is given, before anything was learnt.
    private static let limit = (drift: 9.0, failing: 14.0)
    /// Intervals within which advice must prove right.
    private static let patience = 360
    /// Share of failing attempts that proves it.
    private static let failure = 0.02
    private static let mostCautious = 3.0

    private var servers: [String: Server] = [:]
    private var caution = 1.0
    private var outcomes = (right: 0.0, all: 0.0)

    package init() {}

    /// - Parameter intervals: one of each server, all of the same seconds.
    package mutating func observe(_ intervals: [ServerInterval]) -> [DrainAdvice] {
        var names: Set<String> = []
        let telling = intervals.filter { $0.isTelling && names.insert($0.server).inserted }
        forget(allBut: intervals)
        guard telling.count > 1 else { return [] }
        for interval in telling { update(interval, among: telling) }
        let suspects = telling.filter { suspicion(of: $0.server) >= 1 }
        guard 2 * suspects.count <= telling.count else { return [] }
        let standing = servers.values.count { $0.advised != nil }
        let room = max(1, telling.count / 3) - standing
        guard room > 0 else { return [] }
        let worst = suspects.filter { servers[$0.server]?.advised == nil }
            .sorted { suspicion(of: $0.server) > suspicion(of: $1.server) }
        return worst.prefix(room).compactMap { advise($0.server) }
    }

    /// Learns habits from intervals of long ago, and advises nothing: their failures are over.
    ///
    /// - Parameter length: how many of the usual intervals each of these stands for; means of longer ones scatter less.
    package mutating func recall(_ intervals: [ServerInterval], length: Double) {
        let telling = intervals.filter(\.isTelling)
        guard telling.count > 1 else { return }
        for interval in telling {
            guard let peers = Self.peers(of: interval, among: telling) else { continue }
            servers[interval.server, default: Server()].wear.recall(interval, peers: peers, length: length)
        }
    }

    private static func peers(
        of interval: ServerInterval, among telling: [ServerInterval]
    ) -> (latency: Double, failures: Double)? {
        let others = telling.filter { $0.server != interval.server }
        let latencies = others.map(\.latency).sorted()
        guard !latencies.isEmpty else { return nil }
        let attempts = others.reduce(0) { $0 + $1.attempts }
        let peers = (
            latency: (latencies[(latencies.count - 1) / 2] * latencies[latencies.count / 2]).squareRoot(),
            failures: others.reduce(0) { $0 + $1.failures } / attempts
        )
        return peers.latency > 0 && peers.latency.isFinite ? peers : nil
    }

    private mutating func update(_ interval: ServerInterval, among telling: [ServerInterval]) {
        guard let peers = Self.peers(of: interval, among: telling) else { return }
        var server = servers[interval.server] ?? Server()
        server.wear.observe(interval, peers: peers, doubt: Self.limit.drift / 2)
        server.silent = 0
        if let advised = server.advised { judge(&server, after: advised + 1) }
        servers[interval.server] = server
    }

    /// Advice that was not followed shows whether it was right.
    private mutating func judge(_ server: inout Server, after intervals: Int) {
        server.advised = intervals
        let isRight = server.wear.failureShare >= Self.failure
        guard isRight || intervals >= Self.patience else { return }
        outcomes.all += 1
        if isRight {
            outcomes.right += 1
            caution = max(1, caution / 1.1)
        } else {
            caution = min(Self.mostCautious, caution * 1.3)
        }
        server.advised = nil
        server.wear.accept()
    }

    /// 1 and more is a case for advice.
    private func suspicion(of name: String) -> Double {
        guard let wear = servers[name]?.wear else { return 0 }
        // Two servers differ when either changes: the slower one must be slow by its own habit, and noticeably.
        let drift = wear.slowdown > 1.1 ? wear.drift / (Self.limit.drift * caution) : 0
        return max(drift, wear.failing / (Self.limit.failing * caution))
    }

    private mutating func advise(_ name: String) -> DrainAdvice? {
        guard let wear = servers[name]?.wear else { return nil }
        servers[name]?.advised = 0
        let isFailing = wear.failing / Self.limit.failing > wear.drift / Self.limit.drift
        return DrainAdvice(
            server: name, reason: isFailing ? .failing(wear.failureShare) : .slowing(wear.slowdown),
            confidence: (outcomes.right + 1) / (outcomes.all + 2), expiry: Self.patience)
    }

    /// A server that had no traffic for long comes back with a clean slate, one that left the pool is forgotten.
    private mutating func forget(allBut intervals: [ServerInterval]) {
        let telling = Set(intervals.filter(\.isTelling).map(\.server))
        let present = Set(intervals.map(\.server))
        for (name, server) in servers where !telling.contains(name) {
            let isGone = !present.contains(name) || server.silent >= Self.patience
            servers[name] = isGone ? nil : server
            servers[name]?.silent += 1
        }
    }
}
