/// How many servers a replayed pool has.
package enum ReplayPolicy: Sendable {
    /// Always so many.
    case fixed(Int)
    /// So many that the present demand uses this share of what they carry, from one decision to the next.
    case reactive(target: Double, least: Int, most: Int)
    /// As the brain advises.
    case predictive(CapacityPolicy)
}
