internal import Glibc

/// What a pool did in one interval, as far as it tells how well it is tuned.
package struct PoolInterval: Sendable {
    package struct Server: Sendable {
        package var name: String
        /// Attempts, and those that failed.
        package var attempts: Double
        package var failures: Double
        /// Seconds to the first byte.
        package var latency: Double
        package var p99: Double

        package init(name: String, attempts: Double, failures: Double, latency: Double, p99: Double) {
            self.name = name
            self.attempts = attempts
            self.failures = failures
            self.latency = latency
            self.p99 = p99
        }

        var isTelling: Bool {
            attempts >= 5 && failures >= 0 && failures <= attempts && latency > 0 && latency.isFinite && p99 > 0
                && p99.isFinite
        }
    }

    /// Requests of clients, and those that failed.
    package var requests: Double
    package var errors: Double
    /// Seconds.
    package var latency: Double
    package var p50: Double
    package var p99: Double
    package var servers: [Server]

    package init(
        requests: Double, errors: Double, latency: Double, p50: Double, p99: Double, servers: [Server]
    ) {
        self.requests = requests
        self.errors = errors
        self.latency = latency
        self.p50 = p50
        self.p99 = p99
        self.servers = servers
    }

    /// Too little says nothing, and what is no number even less.
    var isTelling: Bool {
        requests >= 50 && requests.isFinite && errors >= 0 && errors <= requests && latency > 0 && latency.isFinite
            && p50 > 0 && p50.isFinite && p99 > 0 && p99.isFinite
    }

    /// What is to be made small: the tail, half as much the mean, and failures, each of a hundred as bad as a tail a
    /// fifth longer.
    package var loss: Double { log(p99) + 0.5 * log(latency) + 20 * errors / requests }
}
