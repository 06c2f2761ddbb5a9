internal import AyaTelemetry
internal import Testing

@Suite("JSON that services answer")
struct JSONValueTests {
    private func value(_ text: String) -> JSONValue? { JSONValue(Array(text.utf8)) }

    @Test func documents() {
        #expect(value(" {} ") == .object([]))
        #expect(value("[1, -2.5e3, true, false, null]")?.elements.count == 5)
        let order = value(#"{"status": "valid", "authorizations": ["https://a/1"], "n": {"x": "y"}}"#)
        #expect(order?["status"]?.string == "valid")
        #expect(order?["authorizations"]?.elements.first?.string == "https://a/1")
        #expect(order?["n"]?["x"]?.string == "y")
        #expect(order?["absent"] == nil)
        #expect(value(#""\u00e9\ud83d\ude00\n\/""#) == .string("é😀\n/"))
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\"}", "{\"a\":}", "01x", "+1", ".5", "nul", "\"\u{1}\"", #""\ud83d""#, #""\x""#, "1 2",
        "\"",
        "1e999",
    ])
    func whatIsNone(_ text: String) { #expect(value(text) == nil) }

    @Test func depthIsBounded() {
        #expect(value(String(repeating: "[", count: 16) + String(repeating: "]", count: 16)) != nil)
        #expect(value(String(repeating: "[", count: 100_000)) == nil)
    }
}
