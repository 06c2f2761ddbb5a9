internal import AyaHTTP
internal import AyaTelemetry

/// The answer to a wish for a change.
extension ServiceResponse {
    static func change(_ outcome: ChangeOutcome) -> ServiceResponse {
        switch outcome {
        case .made(let report): made(report)
        case .refused(let refusal): refused(refusal)
        }
    }

    private static func made(_ report: ChangeReport) -> ServiceResponse {
        var writer = JSONWriter(Text())
        writer.object { document in
            document.member("generation", report.generation)
            document.member("description", report.description)
            document.member("summary", report.summary)
            document.array("changes") { list in for line in report.changes { list.string(line) } }
            document.array("warnings") { list in for warning in report.warnings { list.string(warning) } }
            document.member("duration_seconds", (report.duration / .milliseconds(1)).rounded() / 1_000)
        }
        writer.raw("\n")
        return .json(writer.sink.bytes)
    }

    private static func refused(_ refusal: ChangeRefusal) -> ServiceResponse {
        let problem =
            switch refusal.cause {
            case .unknown: Problem(status: 404, title: "There is no such thing", code: "unknown")
            case .invalid: Problem(status: 422, title: "The configuration has errors", code: "configuration_invalid")
            case .impossible:
                Problem(status: 409, title: "The configuration can not run here and now", code: "not_applicable")
            case .outdated:
                Problem(status: 412, title: "Another change was made meanwhile", code: "outdated")
            }
        return problem.response(details: refusal.problems)
    }
}
