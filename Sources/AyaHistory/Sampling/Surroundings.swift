/// What a sample needs to know of the configuration, beyond what is counted.
package struct Surroundings: Sendable {
    /// Seconds of processor time that all workers together have in a second.
    package var workers: Int
    package var pools: [String: Pool]

    package struct Pool: Sendable {
        /// Whether it serves sessions and flows instead of requests.
        package var isLayer4: Bool
        /// How much each server may have in flight, by address; what is not here has no limit.
        package var capacities: [String: Int]

        package init(isLayer4: Bool, capacities: [String: Int] = [:]) {
            self.isLayer4 = isLayer4
            self.capacities = capacities
        }
    }

    package init(workers: Int = 1, pools: [String: Pool] = [:]) {
        self.workers = workers
        self.pools = pools
    }
}
