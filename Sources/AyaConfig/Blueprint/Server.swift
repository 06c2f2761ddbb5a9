package import AyaCore

extension Blueprint {
    /// One backend address in a pool.
    package struct Server: Hashable, Sendable {
        package var address: Endpoint
        /// 0 takes no new work.
        package var weight: Int
        /// Over all workers; nil: no limit.
        package var maxConnections: Int?
        /// Where the server stands; nil: nowhere in particular, which is as good as Aya's own zone.
        package var zone: String?
        /// Takes work only while no other server of the pool can.
        package var backup: Bool
        /// Servers of the lowest number take all work; the next number joins when none of them is available.
        package var priority: Int
        /// What routes select subsets by.
        package var labels: [String: String]

        package init(
            address: Endpoint, weight: Int = 1, maxConnections: Int? = nil, zone: String? = nil,
            backup: Bool = false, priority: Int = 0, labels: [String: String] = [:]
        ) {
            self.address = address
            self.weight = weight
            self.maxConnections = maxConnections
            self.zone = zone
            self.backup = backup
            self.priority = priority
            self.labels = labels
        }
    }
}
