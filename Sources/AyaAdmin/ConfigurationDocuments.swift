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

    static func audit(_ entries: [AuditEntry]) -> ServiceResponse {
        document { document in
            document.array("changes") { list in
                for entry in entries {
                    list.object { member in
                        member.member("time", entry.time)
                        member.member("client", entry.author.client)
                        if let agent = entry.author.agent {
                            member.member("agent", agent)
                        } else {
                            member.null("agent")
                        }
                        member.member("action", entry.action)
                        member.member("generation_before", entry.generationBefore)
                        member.member("generation_after", entry.generationAfter)
                        member.array("changes") { lines in for line in entry.changes { lines.string(line) } }
                        member.array("problems") { lines in for line in entry.problems { lines.string(line) } }
                    }
                }
            }
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
