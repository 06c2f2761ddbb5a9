internal import AyaConfig
internal import AyaCore

/// What a route does with an exchange besides forwarding it: copies for a mirror pool, trouble made on purpose.
final class RouteTreatment {
    let mirror: (pool: PoolRuntime, share: Double)?
    let faults: Blueprint.Faults?

    /// Nil when there is nothing to do.
    init?(_ blueprint: Blueprint.Route, pool: (String) -> PoolRuntime?) {
        mirror = blueprint.mirror.flatMap { mirror in pool(mirror.pool).map { ($0, mirror.share) } }
        faults = blueprint.faults
        if mirror == nil, faults == nil { return nil }
    }
}
