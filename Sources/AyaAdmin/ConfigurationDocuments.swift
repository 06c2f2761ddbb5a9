internal import AyaHTTP
internal import AyaTelemetry

/// How configurations, their history and what was changed are told.
extension ServiceResponse {
    /// Its tag is the generation, for `If-Match`.
    static func configuration(_ found: (generation: Int, text: String)?, as notation: Notation) -> ServiceResponse {
        guard let found else { return .nothing }
        let contentType =
            switch notation {
            case .yaml: "application/yaml"
            case .json: "application/json"
            }
        var response = ServiceResponse.text(200, found.text, contentType: contentType)
        response.headers += [("etag", "\"\(found.generation)\""), ("vary", "accept")]
        return response
    }

    static func generations(_ entries: [GenerationEntry]) -> ServiceResponse {
        document { document in
            document.array("generations") { list in
                for entry in entries {
                    list.object { member in
                        member.member("generation", entry.number)
                        member.member("time", entry.time)
                        member.member("origin", entry.origin)
                        member.member("summary", entry.summary)
                        member.member("running", entry.isRunning)
                    }
                }
            }
        }
    }

    static func audit(_ entries: [AuditEntry], problem: String?) -> ServiceResponse {
        document { document in
            document.member("kept", problem == nil)
            if let problem { document.member("problem", problem) } else { document.null("problem") }
            document.array("changes") { list in for entry in entries { entry.write(to: &list) } }
        }
    }

    static func logLevel(_ level: String, kept: String?) -> ServiceResponse {
        document { document in
            document.member("level", level)
            if let kept { document.member("kept", kept) } else { document.null("kept") }
        }
    }

    static func difference(_ outcome: DifferenceOutcome) -> ServiceResponse {
        switch outcome {
        case .refused(let refusal): .change(.refused(refusal))
        case .found(let summary, let changes):
            document { document in
                document.member("summary", summary)
                document.array("changes") { list in for line in changes { list.string(line) } }
            }
        }
    }

    private static func document(_ members: (inout JSONWriter<Text>) -> Void) -> ServiceResponse {
        var writer = JSONWriter(Text())
        writer.object(members)
        writer.raw("\n")
        return .json(writer.sink.bytes)
    }
}
