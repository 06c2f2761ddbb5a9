internal import AyaCore
internal import AyaTelemetry
internal import AyaTestSupport
internal import Testing

@Suite struct TapWishTests {
    private func wish(_ conditions: (String, String)...) throws -> TapWish {
        try TapWish(conditions.map { (key: $0.0, value: $0.1) }) { $0 == "250ms" ? .milliseconds(250) : nil }
    }

    private func record() -> AccessRecord {
        var record = AccessRecord()
        unsafe record.listener = lasting("web")
        unsafe record.route = lasting("api")
        unsafe record.pool = lasting("main")
        record.status = 503
        record.reason = .noServer
        record.client = SocketAddress("192.0.2.7:4000")
        record.total = .milliseconds(300)
        return record
    }

    @Test func nothingAskedIsEverything() throws {
        #expect(try wish().filter.matches(record()))
        #expect(try wish().filter.matches(AccessRecord()))
    }

    @Test(arguments: [
        ("route", "api"), ("route", "x,api"), ("listener", "web"), ("pool", "main"), ("status", "503"),
        ("status", "5xx"), ("status", "2xx,500-503"), ("reason", "no_server"), ("client", "192.0.2.0/24"),
        ("slower_than", "250ms"),
    ]) func whatHolds(key: String, value: String) throws { #expect(try wish((key, value)).filter.matches(record())) }

    @Test(arguments: [
        ("route", "apis"), ("listener", "we"), ("server", "127.0.0.1:1"), ("status", "502"), ("status", "4xx"),
        ("reason", "ok"), ("client", "192.0.3.0/24"), ("method", "GET"), ("path", "/*"), ("path", "/x"),
    ]) func whatDoesNot(key: String, value: String) throws {
        #expect(try !wish((key, value)).filter.matches(record()))
    }

    @Test func repeatedValuesAreAlternatives() throws {
        let filter = try wish(("status", "404"), ("status", "5xx")).filter
        #expect(filter.matches(record()))
        #expect(try !wish(("status", "5xx"), ("route", "other")).filter.matches(record()))
    }

    @Test func fieldsAreNamesWithOrWithoutValues() throws {
        let fields = try wish(("header", "X-Lab: 1"), ("header", "accept")).filter.fields
        #expect(fields.map { String(decoding: $0.name, as: UTF8.self) } == ["X-Lab", "accept"])
        #expect(fields.map { $0.value.map { String(decoding: $0, as: UTF8.self) } } == ["1", nil])
    }

    @Test func sharesAndBounds() throws {
        #expect(try wish(("sample", "10%")).share == 0.1)
        #expect(try wish(("sample", "1")).share == 1)
        #expect(try wish(("limit", "5"), ("rate", "7")).limit == 5)
    }

    @Test(arguments: [
        ("sample", "0"), ("sample", "nan"), ("sample", "101%"), ("limit", "-1"), ("rate", "100001"), ("status", ""),
        ("status", "xxx"), ("status", "99999999999999999999"), ("slower_than", "fast"), ("header", ""), ("colour", "x"),
        ("client", "300.1.1.1"), ("reason", "bored"),
    ]) func whatIsNotUnderstoodIsSaid(key: String, value: String) {
        #expect(throws: TapWish.Fault.self) { try wish((key, value)) }
    }
}
