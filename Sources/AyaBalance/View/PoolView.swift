package import AyaCore

/// What one worker knows of the servers of a pool: the proxy writes it, balancers read it.
///
/// A structure of arrays, because a pick touches one property of many servers rather than many of one. Changes go
/// through methods that tell the balancer, which keeps its own order up to date instead of searching at each pick.
/// Which servers are in the choice is decided here once for all balancers: by weight, holds, tier and panic.
package final class PoolView {
    package let count: Int
    package let options: Options
    /// What a server is called by hash balancers: the same server has the same identity in every pool and process.
    package let identities: ContiguousArray<UInt64>
    /// A server's weight as configured or set since; 0 takes no new work.
    package private(set) var weights: ContiguousArray<Int>
    /// Hundred times the weight, less while the server starts slowly: what balancers share by.
    package private(set) var shares: ContiguousArray<Int>
    /// Why a server must not be picked; empty for those that may.
    package private(set) var holds: ContiguousArray<Holds>
    /// Exchanges, sessions and flows under way on this worker.
    package private(set) var inFlight: ContiguousArray<Int>
    /// The same on all other workers, as they told about a millisecond ago.
    package private(set) var foreign: ContiguousArray<Int>
    /// As of the latest tick.
    package private(set) var now = Instant(nanoseconds: 0)
    /// Servers in the choice.
    package private(set) var eligible: ServerSet
    /// Is told of changes. The view owns it; a balancer keeps no reference back.
    package var balancer: (any Balancer)?
    private var tiers: TierList
    private var warmUps: WarmUps

    /// So many servers are down or ejected that these verdicts are not believed.
    package private(set) var isPanicking = false

    package struct Options: Sendable {
        /// How long a server that comes back takes to reach its whole weight; zero: at once.
        package var slowStart: Interval
        /// The share of a tier's servers down or ejected beyond which the next tier joins in and, when there is none,
        /// these holds are ignored; 0: never.
        package var panic: Double
        /// Servers of other zones join in when less than this share of the own zone's is available.
        package var spillBelow: Double

        package init(slowStart: Interval = .zero, panic: Double = 0, spillBelow: Double = 0.7) {
            self.slowStart = slowStart
            self.panic = panic
            self.spillBelow = spillBelow
        }
    }

    /// Every weight is cut to 0 … 65,535.
    package init(servers: some Sequence<ServerTraits>, options: Options = Options()) {
        let servers = ContiguousArray(servers)
        self.options = options
        count = servers.count
        identities = ContiguousArray(servers.map(\.identity))
        weights = ContiguousArray(servers.map { Self.bounded($0.weight) })
        shares = ContiguousArray(weights.map { $0 &* Self.wholeShare })
        holds = ContiguousArray(repeating: [], count: count)
        inFlight = ContiguousArray(repeating: 0, count: count)
        foreign = inFlight
        eligible = ServerSet(capacity: count)
        warmUps = WarmUps(capacity: count)
        tiers = TierList(servers, weights: weights)
        updateTiers()
        for server in 0..<count { settle(server) }
    }

    /// Servers that differ by weight alone.
    package convenience init(weights: some Sequence<Int>, options: Options = Options()) {
        self.init(
            servers: weights.enumerated().map { ServerTraits(weight: $1, identity: ServerTraits.identity(of: $0)) },
            options: options)
    }

    package func isEligible(_ server: Int) -> Bool {
        weights[server] > 0 && holds[server].subtracting(ignored).isEmpty
    }

    /// It is away, and not only busy or not needed: what was known of it before no longer holds.
    func isAway(_ server: Int) -> Bool { !holds[server].isDisjoint(with: .absences) }

    /// Work under way on a server, over all workers.
    package func load(_ server: Int) -> Int { inFlight[server] &+ foreign[server] }

    /// The same by weight, so that servers of different weights compare.
    func loadByWeight(_ server: Int) -> Double {
        Double(load(server) &* Self.wholeShare) / Double(max(1, shares[server]))
    }

    package func setForeign(_ load: Int, of server: Int) {
        guard foreign[server] != load else { return }
        foreign[server] = load
        balancer?.loadChanged(self, server: server)
    }

    package func setWeight(_ weight: Int, of server: Int) {
        let bounded = Self.bounded(weight)
        guard weights[server] != bounded else { return }
        let before = tiers.standing(weight: weights[server], holds: holds[server])
        weights[server] = bounded
        standingChanged(of: server, from: before)
        updateShare(server)
        settle(server)
    }

    /// Takes a server out of the choice, or lifts that hold.
    package func set(_ hold: Holds, _ held: Bool, on server: Int) {
        let before = holds[server]
        let after = held ? before.union(hold) : before.subtracting(hold)
        guard before != after else { return }
        let standing = tiers.standing(weight: weights[server], holds: before)
        holds[server] = after
        if options.slowStart > .zero, !before.isDisjoint(with: .absences), after.isDisjoint(with: .absences) {
            warmUps.begin(server)
            updateShare(server)
        }
        standingChanged(of: server, from: standing)
        settle(server)
    }

    /// A server that was not there before takes its share little by little.
    package func greet(_ server: Int) {
        guard options.slowStart > .zero else { return }
        warmUps.begin(server)
        updateShare(server)
    }

    /// A server goes on warming up as it did in another view.
    package func adoptWarmUp(of server: Int, from former: PoolView, at position: Int) {
        guard options.slowStart > .zero, warmUps.adopt(server, from: former.warmUps, at: position) else { return }
        updateShare(server)
    }

    /// Lets servers that came back take more, as time passes: to be called every 100 ms or more often.
    package func tick(_ now: Instant) {
        self.now = now
        guard !warmUps.isEmpty else { return }
        for server in warmUps.advance(now, window: options.slowStart) { updateShare(server) }
    }

    /// Work begins on a server: call it for each pick that is used.
    package func begin(_ server: Int) {
        inFlight[server] &+= 1
        balancer?.loadChanged(self, server: server)
    }

    /// Work ends on a server.
    package func end(_ server: Int, _ observation: Observation? = nil) {
        assert(inFlight[server] > 0, "ended more than began")
        inFlight[server] = max(0, inFlight[server] &- 1)
        balancer?.loadChanged(self, server: server)
        if let observation { balancer?.observed(self, server: server, observation) }
    }

    /// Work ended on a server on other workers.
    package func hear(_ hearsay: Hearsay, of server: Int) { balancer?.heard(self, server: server, hearsay) }

    /// A server told of its load, in an answer or when polled.
    package func report(_ report: LoadReport, of server: Int, now: Instant) {
        balancer?.reported(self, server: server, report, now: now)
    }

    // MARK: who is in the choice

    private var ignored: Holds { isPanicking ? [.down, .ejected] : [] }

    /// Takes a server into the choice or out of it, as it now stands.
    private func settle(_ server: Int) {
        let isEligible = isEligible(server)
        guard isEligible != eligible.contains(server) else { return }
        if isEligible { eligible.insert(server) } else { eligible.remove(server) }
        balancer?.eligibilityChanged(self, server: server)
    }

    private func standingChanged(of server: Int, from before: TierList.Standing) {
        let after = tiers.standing(weight: weights[server], holds: holds[server])
        guard before != after else { return }
        tiers.move(server, from: before, to: after)
        updateTiers()
    }

    /// A change of the tiers in use, or of the panic, touches many servers; it is rare.
    private func updateTiers() {
        let inUse = tiers.inUse(options)
        if inUse.isPanicking != isPanicking {
            isPanicking = inUse.isPanicking
            for server in 0..<count where !holds[server].isDisjoint(with: [.down, .ejected]) { settle(server) }
        }
        for server in tiers.changed(to: inUse) {
            let isStandingBy = !inUse.contains(tiers.tier(of: server))
            guard holds[server].contains(.standby) != isStandingBy else { continue }
            if isStandingBy { holds[server].insert(.standby) } else { holds[server].remove(.standby) }
            settle(server)
        }
    }

    private func updateShare(_ server: Int) {
        let whole = weights[server] &* Self.wholeShare
        let share = whole == 0 ? 0 : max(1, whole &* warmUps.percent(of: server) / 100)
        guard share != shares[server] else { return }
        shares[server] = share
        if eligible.contains(server), isEligible(server) { balancer?.eligibilityChanged(self, server: server) }
    }

    /// The share of weight 1: fine enough for weight 1 to grow in steps.
    package static let wholeShare = 100

    private static func bounded(_ weight: Int) -> Int { min(max(weight, 0), 65_535) }
}
