/// What an operator lets the brain do about the number of a pool's servers.
package struct CapacityPolicy: Sendable, Equatable {
    package var least: Int
    package var most: Int
    /// Seconds from the wish for a server to its first request.
    package var leadTime: Double
    /// From 0, servers cost nothing against waiting, to 1: how much of the uncertainty is not provided for.
    package var costWeight = 0.25
    /// Seconds for which fewer servers must have been enough before one is given up.
    package var patience: Double
    /// Times as many servers that may be asked for within a lead time.
    package var growth = 2.0

    /// - Parameter patience: by default three lead times, at least ten minutes.
    package init(least: Int, most: Int, leadTime: Double, patience: Double? = nil) {
        self.least = max(1, least)
        self.most = max(self.least, most)
        self.leadTime = min(max(leadTime, 1), 86_400)
        self.patience = patience ?? max(3 * self.leadTime, 600)
    }
}
