/// When to renew a certificate: pure, with time (seconds since 1970) and randomness passed in.
package struct RenewalWindow: Equatable, Sendable {
    package var start: Int64
    package var end: Int64

    package init(start: Int64, end: Int64) {
        self.start = start
        self.end = end
    }

    /// Without the authority's opinion: around two thirds of its time, spread so that many that were got together are
    /// not renewed together.
    package init(notBefore: Int64, notAfter: Int64) {
        let life = max(0, notAfter - notBefore)
        start = notBefore + life * 63 / 100
        end = notBefore + life * 69 / 100
    }

    /// A moment of it, each as likely as any other (RFC 9773 section 4.2).
    package func moment(_ random: inout some RandomNumberGenerator) -> Int64 {
        start < end ? Int64.random(in: start..<end, using: &random) : start
    }
}

/// How long to wait after a failure: authorities count failed attempts, networks do not.
package struct Backoff: Equatable, Sendable {
    package private(set) var failures = 0

    package init() {}

    package mutating func succeed() { failures = 0 }

    /// Seconds until the next try. Refusals wait 1, 4, 16, 64 minutes and then 4 hours, which stays below the five
    /// failures an hour that Let's Encrypt allows a host; unreachable authorities 10 s, 20 s and so on to 10 minutes.
    /// A tenth is left to chance, and what the authority asks for is kept.
    package mutating func fail(_ fault: ACMEFault, _ random: inout some RandomNumberGenerator) -> Int64 {
        let exponent = min(failures, 6)
        failures += 1
        let pause: Int64
        switch fault.kind {
        case .unreachable, .badNonce, .accountLost: pause = min(10 << Int64(exponent), 600)
        case .refused: pause = min(60 << Int64(2 * exponent), 4 * 3600)
        }
        let jitter = Int64.random(in: 0...max(1, pause / 10), using: &random)
        return max(pause + jitter, fault.retryAfter ?? 0)
    }
}
