/// How many servers the brain wants for one pool, and what became of asking for them.
package struct CapacityCounts: Counts {
    package var wanted = 0
    package var changes: UInt64 = 0
    package var failures: UInt64 = 0

    package init() {}

    package mutating func add(_ other: CapacityCounts) {
        wanted &+= other.wanted
        changes &+= other.changes
        failures &+= other.failures
    }
}
