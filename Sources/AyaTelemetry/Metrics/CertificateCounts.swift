/// How long a certificate of a listener still lasts. Kept by the thread that looks after certificates, not by workers.
package struct CertificateCounts: Counts {
    /// Seconds; negative when it has run out.
    package var expiry = Int.max
    /// Times it could not be replaced.
    package var failures: UInt64 = 0

    package init() {}

    package init(expiry: Int, failures: UInt64) {
        self.expiry = expiry
        self.failures = failures
    }

    /// Of several, what counts is which runs out first.
    package mutating func add(_ other: CertificateCounts) {
        expiry = min(expiry, other.expiry)
        failures &+= other.failures
    }
}

/// One certificate at one moment.
package struct CertificateSample: Sendable {
    package var listener: String
    /// Its file, or the host that it was got for.
    package var certificate: String
    package var counts: CertificateCounts
    /// Why it could not be replaced when that was tried last; nil when nothing speaks against it.
    package var problem: String?

    package init(listener: String, certificate: String, counts: CertificateCounts, problem: String? = nil) {
        self.listener = listener
        self.certificate = certificate
        self.counts = counts
        self.problem = problem
    }
}
