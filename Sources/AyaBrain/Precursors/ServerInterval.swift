/// What one server of a pool did in a few seconds.
package struct ServerInterval: Equatable, Sendable {
    package var server: String
    /// Attempts, and those that failed, whether or not a retry kept it from the client.
    package var attempts: Double
    package var failures: Double
    /// Mean seconds to the first byte of the attempts that went well.
    package var latency: Double

    package init(server: String, attempts: Double, failures: Double, latency: Double) {
        self.server = server
        self.attempts = attempts
        self.failures = failures
        self.latency = latency
    }

    /// Too little says nothing, and what is no number even less.
    var isTelling: Bool {
        attempts >= 5 && attempts.isFinite && failures >= 0 && failures <= attempts && latency > 0 && latency.isFinite
    }
}
