internal import AyaBrain
internal import AyaConfig
internal import AyaTelemetry
internal import Glibc

/// Limits that come nearer with time: a disk that fills, certificates that run out.
extension Brain {
    private static let day = 86_400.0
    /// An automatic certificate is renewed long before.
    private static let shortestLife = 7 * day
    /// Intervals between two looks.
    private static let pace: Int64 = 10
    private static let mostSamples = 288

    func lookAtLimits(at time: Int64) async {
        guard time / interval % Self.pace == 0 else { return }
        lookAtDisk(at: Double(time))
        for certificate in await acts.certificates.report() {
            let left = Double(certificate.counts.expiry)
            guard left < Self.shortestLife else { continue }
            let problem = certificate.problem.map { "; \($0)" } ?? ""
            tell(
                "listeners/\(certificate.listener)", "renew \(certificate.certificate)", left, 1,
                left > 0 ? "it runs out in \(Int(left / 3_600)) hours\(problem)" : "it has run out\(problem)",
                at: Double(time))
        }
    }

    private func lookAtDisk(at time: Double) {
        let directory = acts.blueprint.state
        var facts = statvfs()
        guard unsafe statvfs(directory, &facts) == 0 else { return }
        let free = Double(facts.f_bavail) * Double(facts.f_frsize)
        diskSamples.append(AyaBrain.Sample(time: time, value: free))
        if diskSamples.count > Self.mostSamples { diskSamples.removeFirst() }
        guard let limit = TimeToLimit(diskSamples, limit: 0), limit.confidence > 0.9, limit.likely < Self.day else {
            return
        }
        tell(
            "aya", "make room on the disk of '\(directory)'", limit.likely, limit.confidence,
            "at the present pace it is full in \(Int(limit.likely / 3_600)) hours, at the earliest in "
                + "\(Int(limit.earliest / 3_600))", at: time)
    }

    private func tell(
        _ subject: String, _ action: String, _ seconds: Double, _ confidence: Double, _ reason: String, at time: Double
    ) {
        let told = book.add(
            .limit, subject, action, value: seconds, confidence: confidence, reason: reason, expiry: Self.day, at: time)
        guard let told else { return }
        log.warning("a limit comes near", ["subject": subject, "advice": action, "reason": reason])
        close(told.id, "told")
    }
}
