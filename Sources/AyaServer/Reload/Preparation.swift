internal import AyaConfig
internal import AyaExport
internal import AyaProxy
internal import AyaReactor
internal import AyaTelemetry

/// Everything that a generation needs and that may fail: names, files, certificates, addresses. It is made before
/// anything is changed, so that a configuration which can not run leaves what runs as it was.
// Safe: one task has it at a time, the one that makes it and then the one that puts it to use.
final class Preparation: @unchecked Sendable {
    let generation: Generation
    private var listeners: OpenListeners
    /// By worker, each its own; empty when routes stay as they are.
    private var tables: [RouteTables]
    /// What an operator should know of it.
    let warnings: [String]
    let notices: [String]

    /// The doors belong to the workers from now on.
    func handOverDoors() -> Doors { listeners.handOver() }

    /// The routes of one worker, once; nil when it keeps those that it has.
    func takeTables() -> RouteTables? { tables.popLast() }

    /// What stays the same for a server's life.
    struct Ground: Sendable {
        var workers: Int
        var descriptors: DescriptorBudget
        var log: Log
        /// What another process, which this one succeeds, has open.
        var inheritance: Inheritance?
        /// What Aya itself calls, it calls from there.
        var calls: CallThread
    }

    /// - Parameter former: what runs; nil at the start.
    init(_ blueprint: Blueprint, number: Int, on ground: Ground, former: Generation? = nil) throws(StartError) {
        var snapshot = try Snapshot(resolving: blueprint, generation: number)
        let tickets = former == nil ? ground.inheritance?.ticketKeys() : nil
        let security = try Self.step {
            try Security(blueprint, continuing: former?.shared.security, tickets: tickets)
        }
        let certificates = try WatchedCertificates(security, of: blueprint, log: ground.log)
        let listeners = try OpenListeners(
            &snapshot, workers: ground.workers, former: former?.snapshot, inheritance: ground.inheritance)
        let secrets = try Self.step { try PersistenceSecrets(blueprint, continuing: former?.secrets) }
        let outlets = try RecordOutlets(blueprint, continuing: former, calls: ground.calls, log: ground.log)
        let settled = snapshot
        let shared: SharedState
        do {
            // Comes last: from here on what is in use may have changed.
            shared = try SharedState(
                settled, workers: ground.workers, descriptors: ground.descriptors, secrets: secrets,
                security: security, continuing: former.map { ($0.shared, $0.blueprint.listeners) })
        } catch {
            outlets.closeNew()
            throw StartError("\(error)")
        }
        warnings = security.warnings + listeners.warnings
        notices = [secrets.notice].compactMap(\.self)
        self.listeners = listeners
        let sameRoutes = former == nil || former?.blueprint.routes == blueprint.routes
        // Searching them is every request's, so workers share none of their memory.
        tables = sameRoutes ? [] : (0..<ground.workers).map { _ in RouteTables(blueprint.routes) }
        generation = Generation(
            snapshot: settled, shared: shared, certificates: certificates, secrets: secrets, outlets: outlets)
    }

    /// What a step throws is why there is no start.
    private static func step<Value>(_ work: () throws -> Value) throws(StartError) -> Value {
        do {
            return try work()
        } catch {
            throw StartError("\(error)")
        }
    }
}
