package import AyaCore

/// Passive health of a pool: compares what real traffic met on each server and says who is ejected and who returns.
///
/// Judged against the other servers of the pool, not against a fixed bar: when all fail alike, the fault is not one
/// server's, and taking servers out would only make it worse. Time and counters are arguments; the watch keeps what it
/// needs to see differences.
package struct OutlierWatch: Sendable {
    package let rule: OutlierRule
    private var servers: ContiguousArray<Watched>
    private var intervalEnd: Instant
    package private(set) var ejectedCount = 0

    /// What was counted on a server since the start, over all workers.
    package struct Totals: Sendable, Equatable {
        package var successes: Int
        package var failures: Int
        /// Of the successes, summed.
        package var latency: Interval

        package init(successes: Int = 0, failures: Int = 0, latency: Interval = .zero) {
            self.successes = successes
            self.failures = failures
            self.latency = latency
        }
    }

    package enum Change: Sendable, Equatable {
        case ejected(Int, OutlierReason, until: Instant)
        case returned(Int)
    }

    private struct Watched {
        /// At the latest look, and at the beginning of the interval.
        var latest = Totals()
        var atIntervalStart = Totals()
        /// Failures since the last success, as far as looks can tell.
        var streak = 0
        var ejectedUntil: Instant?
        /// In a row; each interval in which it serves well forgives one.
        var ejections = 0
        /// Was in service, and not yet ejected, for the whole interval.
        var isIntervalWhole = true
    }

    package init(serverCount: Int, rule: OutlierRule, now: Instant) {
        self.rule = rule
        servers = ContiguousArray(repeating: Watched(), count: serverCount)
        intervalEnd = now + rule.interval
    }

    /// Goes on with what another watch knows of the same servers, whose counters begin anew.
    ///
    /// - Parameter positions: of each server there; nil for those that it did not watch.
    package mutating func continueFrom(_ former: OutlierWatch, positions: [Int?]) {
        for (server, position) in zip(servers.indices, positions) {
            guard let position, former.servers.indices.contains(position) else { continue }
            servers[server].ejectedUntil = former.servers[position].ejectedUntil
            servers[server].ejections = former.servers[position].ejections
            servers[server].isIntervalWhole = false
            if servers[server].ejectedUntil != nil { ejectedCount += 1 }
        }
    }

    package func ejectedUntil(_ server: Int) -> Instant? { servers[server].ejectedUntil }
    package func ejections(_ server: Int) -> Int { servers[server].ejections }

    /// Looks at the counters; to be called every few hundred milliseconds or so.
    package mutating func look(_ totals: (Int) -> Totals, now: Instant) -> [Change] {
        var changes: [Change] = []
        for server in servers.indices {
            if let until = servers[server].ejectedUntil, until <= now {
                readmit(server, totals(server))
                changes.append(.returned(server))
            }
            if let change = followStreak(server, totals(server), now) { changes.append(change) }
        }
        if now >= intervalEnd {
            changes += judgeInterval(now)
            intervalEnd = now + rule.interval
        }
        return changes
    }

    /// A worker ejected the server by itself, after failures in a row.
    package mutating func ejectedByWorker(_ server: Int, now: Instant) -> Change {
        eject(server, .consecutiveFailures(rule.consecutiveFailures ?? 1), now)
    }

    /// Probes had the server down and have found it well again: it is another one than the one that failed, and what
    /// was held against that is over. Should it fail too, its next ejection is longer all the same.
    package mutating func recovered(_ server: Int, _ totals: Totals) -> Change? {
        guard servers[server].ejectedUntil != nil else { return nil }
        readmit(server, totals)
        return .returned(server)
    }

    // MARK: failures in a row

    /// Looks can't tell the order of what happened between them: any success there ends a streak. Workers, who see the
    /// order, are quicker; this one finds failures that are spread over several of them.
    private mutating func followStreak(_ server: Int, _ totals: Totals, _ now: Instant) -> Change? {
        let before = servers[server].latest
        servers[server].latest = totals
        if totals.successes != before.successes {
            servers[server].streak = 0
        } else {
            servers[server].streak &+= max(0, totals.failures &- before.failures)
        }
        guard let limit = rule.consecutiveFailures, servers[server].streak >= limit, mayEject(server) else {
            return nil
        }
        return eject(server, .consecutiveFailures(servers[server].streak), now)
    }

    // MARK: rate and latency

    private mutating func judgeInterval(_ now: Instant) -> [Change] {
        let work = servers.indices.map { difference(servers[$0].latest, servers[$0].atIntervalStart) }
        let judged = servers.indices.filter {
            servers[$0].ejectedUntil == nil && servers[$0].isIntervalWhole
                && work[$0].successes &+ work[$0].failures >= rule.minRequests
        }
        let rates = OtherServers(judged.map { Self.errorRate(work[$0]) })
        let latencies = OtherServers(judged.filter { work[$0].successes > 0 }.map { Self.meanLatency(work[$0]) })
        var found: [(server: Int, reason: OutlierReason, badness: Double)] = []
        for server in judged {
            if let (reason, badness) = failsTooOften(work[server], rates) {
                found.append((server, reason, badness))
            } else if let (reason, badness) = isTooSlow(work[server], latencies) {
                found.append((server, reason, badness))
            }
        }
        // The worst first, as the share of ejected servers is limited.
        found.sort { $0.badness > $1.badness }
        var changes: [Change] = []
        for (server, reason, _) in found where mayEject(server) { changes.append(eject(server, reason, now)) }
        for server in servers.indices {
            if servers[server].ejectedUntil == nil, servers[server].isIntervalWhole, work[server].successes > 0 {
                servers[server].ejections = max(0, servers[server].ejections - 1)
            }
            servers[server].isIntervalWhole = servers[server].ejectedUntil == nil
            servers[server].atIntervalStart = servers[server].latest
        }
        return changes
    }

    private func failsTooOften(_ own: Totals, _ others: OtherServers) -> (OutlierReason, Double)? {
        let rate = Self.errorRate(own)
        guard let limit = rule.errorRate, let base = others.median(without: rate) else { return nil }
        // Few requests may be bad by chance: the rate that is likely at least must tell too.
        let certain = Self.lowerBound(own.failures, of: own.successes &+ own.failures)
        guard rate - base >= limit, certain - base >= limit / 2 else { return nil }
        return (.errorRate(rate, others: base), 1 + rate - base)
    }

    private func isTooSlow(_ own: Totals, _ others: OtherServers) -> (OutlierReason, Double)? {
        let mean = Self.meanLatency(own)
        guard let factor = rule.latency, own.successes > 0, let base = others.median(without: mean) else { return nil }
        // Microseconds against microseconds are noise, whatever their ratio.
        guard mean >= base * factor, mean - base >= 0.001 else { return nil }
        return (.latency(mean, others: base), base > 0 ? 1 - base / mean : 1)
    }

    // MARK: ejection

    private func mayEject(_ server: Int) -> Bool {
        servers[server].ejectedUntil == nil && ejectedCount < rule.mostEjected(of: servers.count)
    }

    private mutating func eject(_ server: Int, _ reason: OutlierReason, _ now: Instant) -> Change {
        servers[server].ejections = min(servers[server].ejections + 1, 1_000)
        let until = now + rule.ejectionTime(servers[server].ejections)
        if servers[server].ejectedUntil == nil { ejectedCount += 1 }
        servers[server].ejectedUntil = until
        servers[server].isIntervalWhole = false
        servers[server].streak = 0
        return .ejected(server, reason, until: until)
    }

    private mutating func readmit(_ server: Int, _ totals: Totals) {
        if servers[server].ejectedUntil != nil { ejectedCount -= 1 }
        servers[server].ejectedUntil = nil
        servers[server].latest = totals
        servers[server].atIntervalStart = totals
        servers[server].streak = 0
    }

    // MARK: arithmetic

    private func difference(_ later: Totals, _ earlier: Totals) -> Totals {
        Totals(
            successes: max(0, later.successes &- earlier.successes),
            failures: max(0, later.failures &- earlier.failures),
            latency: Interval(nanoseconds: max(0, later.latency.nanoseconds &- earlier.latency.nanoseconds)))
    }

    private static func errorRate(_ work: Totals) -> Double {
        Double(work.failures) / Double(max(1, work.successes &+ work.failures))
    }

    private static func meanLatency(_ work: Totals) -> Double {
        work.latency.seconds / Double(max(1, work.successes))
    }

    /// Wilson's score interval, its lower end at about 97.5 % (Wilson 1927).
    private static func lowerBound(_ failures: Int, of count: Int) -> Double {
        guard count > 0 else { return 0 }
        let n = Double(count)
        let p = Double(failures) / n
        let z = 1.96
        let centre = p + z * z / (2 * n)
        let spread = z * ((p * (1 - p) + z * z / (4 * n)) / n).squareRoot()
        return max(0, (centre - spread) / (1 + z * z / n))
    }
}
