internal import AyaConfig
internal import AyaTelemetry

/// An entry of the audit log as a line of JSON, on the disk and in `/v1/audit` alike.
extension AuditEntry {
    package var json: [UInt8] {
        var writer = JSONWriter(Text())
        write(to: &writer)
        writer.raw("\n")
        return writer.sink.bytes
    }

    func write(to list: inout JSONWriter<Text>) {
        list.object { member in
            member.member("time", time)
            member.member("identity", author.identity)
            member.member("client", author.client)
            if let agent = author.agent { member.member("agent", agent) } else { member.null("agent") }
            member.member("action", action)
            if let reason { member.member("reason", reason) } else { member.null("reason") }
            member.member("generation_before", generationBefore)
            member.member("generation_after", generationAfter)
            member.array("changes") { lines in for line in changes { lines.string(line) } }
            member.array("problems") { lines in for line in problems { lines.string(line) } }
        }
    }

    /// Reads a line back; nil for what is none.
    package init?(json line: [UInt8]) {
        guard let document = PlainDocument.read(line), let time = document["time"]?.text,
            let action = document["action"]?.text, let client = document["client"]?.text,
            let before = document["generation_before"]?.text.flatMap({ Int($0) }),
            let after = document["generation_after"]?.text.flatMap({ Int($0) })
        else { return nil }
        let agent = document["agent"]?.text
        let reason = document["reason"]?.text
        self.init(
            time: time,
            author: Author(
                client: client, agent: agent == "null" ? nil : agent, identity: document["identity"]?.text ?? "unknown"),
            action: action, reason: reason == "null" ? nil : reason, generationBefore: before, generationAfter: after,
            changes: Self.lines(document["changes"]),
            problems: Self.lines(document["problems"]))
    }

    private static func lines(_ document: PlainDocument?) -> [String] {
        if case .list(let list)? = document { list.compactMap(\.text) } else { [] }
    }
}
