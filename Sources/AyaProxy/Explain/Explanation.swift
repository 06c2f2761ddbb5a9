/// What would become of a request, and why: the answer to a `Question`.
package struct Explanation: Sendable {
    package var listener: Listener?
    /// The route that takes it; nil when none does, or when it never comes to routes.
    package var route: Route?
    /// Routes that were considered and do not take it, the closest first.
    package var others: [Other] = []
    /// More of them than are told.
    package var othersLeftOut = 0
    /// What else holds for it.
    package var policies: [Policy] = []
    /// What happens in the end, in a line: `forwarded to pool web`, `no route matches: 404`.
    package var outcome = ""
    /// Where it goes; nil when it is answered without a server.
    package var pool: Pool?

    package struct Listener: Sendable {
        package var name: String
        package var address: String
        package var why: String
    }

    package struct Route: Sendable {
        package var name: String
        /// What of the request matched which condition.
        package var matched: [String]
        /// What puts it before the others that match too.
        package var why: String
    }

    package struct Other: Sendable {
        package var route: String
        package var matches: Bool
        package var why: String
    }

    package struct Policy: Sendable {
        package var name: String
        package var value: String
        package var from: String
    }

    /// A pool as workers see it, of which each picks for its own connections.
    package struct Pool: Sendable {
        package var name: String
        package var balance: String
        /// What `Candidate.cost` counts; nil where servers are not compared.
        package var costUnit: String?
        /// Of a split: what share of the route's requests comes here; else nil.
        package var share: Double?
        /// The workers that were asked; none for a configuration that does not run.
        package var workers: [Int]
        /// How it would be picked, or why no server is.
        package var why: String
        package var candidates: [Candidate]
    }

    package struct Candidate: Sendable {
        package var server: String
        /// Nothing speaks against new work on it.
        package var isAvailable: Bool
        /// What does: `down`, `draining`, `at its limit`.
        package var holds: [String]
        package var weight: Int
        /// Work under way, over all workers.
        package var inFlight: Int
        /// Of several workers, the mean.
        package var cost: Double?
        /// Of picks that were tried in the same state, the share that took it; nil when none could be.
        package var chance: Double?
        /// The next request of this kind would go there.
        package var isPicked: Bool
        /// On which workers it would.
        package var pickers: [Int] = []
    }
}
