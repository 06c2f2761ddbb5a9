internal import AyaAdmin
internal import Testing

@Suite struct AuditEntryTests {
    static let brain = AuditEntry(
        time: "2026-01-31T23:59:59.123Z", author: Author(client: "aya", identity: "brain"),
        action: "eject 127.0.0.1:9001 (servers/web/127.0.0.1:9001)", reason: "31 % of its \"answers\" failed",
        generationBefore: 7, generationAfter: 7,
        changes: ["servers/web/127.0.0.1:9001: available -> ejected", "ejected"], problems: [])
    static let person = AuditEntry(
        time: "2026-01-31T23:59:59.123Z", author: Author(client: "127.0.0.1:50000", agent: "aya", identity: "token ci"),
        action: "reload", generationBefore: 7, generationAfter: 7, changes: [], problems: ["aya.yaml:1:1: error: no"])

    /// What an earlier process wrote is told by the next one.
    @Test(arguments: [brain, person]) func aLineIsReadBack(entry: AuditEntry) throws {
        let read = try #require(AuditEntry(json: entry.json))
        #expect(read.json == entry.json)
        #expect(read.reason == entry.reason && read.author == entry.author && read.changes == entry.changes)
    }

    @Test func linesOfBeforeHaveNoReason() throws {
        let line = """
            {"time":"2026-01-31T23:59:59.123Z","identity":"loopback","client":"127.0.0.1:1","agent":null,"action":"reload",\
            "generation_before":1,"generation_after":2,"changes":["+ route beta"],"problems":[]}
            """
        let entry = try #require(AuditEntry(json: Array(line.utf8)))
        #expect(entry.reason == nil && entry.changes == ["+ route beta"])
    }
}
