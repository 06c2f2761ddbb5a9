internal import AyaAdmin
internal import AyaConfig
package import AyaTelemetry

extension ChangeOutcome {
    init(_ result: Result<Reload, ReloadError>) {
        switch result {
        case .success(let reload):
            self = .made(
                ChangeReport(
                    generation: reload.generation, description: reload.description, summary: reload.summary,
                    changes: reload.difference.lines, warnings: reload.warnings, duration: reload.duration))
        case .failure(let error): self = .refused(ChangeRefusal(error))
        }
    }
}

extension ChangeRefusal {
    init(_ error: ReloadError) {
        let cause: Cause =
            switch error.cause {
            case .invalid: .invalid
            case .impossible: .impossible
            case .unknown: .unknown
            case .outdated: .outdated
            }
        self.init(cause, error.problems)
    }
}

extension Log {
    /// A reload that was asked for in another way than through the admin API.
    package func tell(_ result: Result<Reload, ReloadError>, by origin: String) {
        tell(ChangeOutcome(result), of: "reload", by: origin)
    }

    /// What came of a change, for whoever reads the log.
    func tell(_ outcome: ChangeOutcome, of change: String, by client: String) {
        switch outcome {
        case .made(let report):
            for warning in report.warnings { self.warning("configuration", ["problem": warning]) }
            let milliseconds = max(1, Int((report.duration / .milliseconds(1)).rounded()))
            notice(
                "configuration applied",
                [
                    "generation": "\(report.generation)", "changes": report.summary, "duration": "\(milliseconds) ms",
                    "change": change, "by": client,
                ])
        case .refused(let refusal):
            for problem in refusal.problems {
                self.error("configuration not applied", ["problem": problem, "change": change, "by": client])
            }
        }
    }
}
