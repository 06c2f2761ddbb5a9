import AyaConfig
import Testing

/// Parts that golden pairs reach only along a detour.
@Suite struct TextFormTests {
    private func expanded(_ key: String, _ value: String) -> String? {
        let text = """
            listeners: { web: { bind: ":8080", timeouts: { idle: \(key == "duration" ? value : "1s") } } }
            routes: { a: { headers: { x-value: \(key == "text" ? value : "a") }, pool: web } }
            pools: { web: { servers: [127.0.0.1:9001] } }
            """
        guard let blueprint = ConfigurationLoader(environment: { _ in nil }).load(text: text, fileName: "a").blueprint
        else { return nil }
        let wanted = key == "duration" ? "      idle: " : "      x-value: "
        let line = Expander.expand(blueprint).split(separator: "\n").first { $0.hasPrefix(wanted) }
        return line.map { String($0.dropFirst(wanted.count)) }
    }

    @Test(
        arguments: [
            ("1ms", "1ms"), ("1000ms", "1s"), ("1500ms", "1500ms"), ("60s", "1m"), ("90s", "90s"), ("120m", "2h"),
            ("24h", "24h"), ("0s", nil), ("1", nil), ("1S", nil), ("+1s", nil), ("1 s", nil),
            ("99999999999999999999s", nil),
            ("9223372036854775807h", nil),
        ] as [(String, String?)]) func durations(_ written: String, _ wanted: String?)
    {
        #expect(expanded("duration", written) == wanted)
    }

    @Test(arguments: [
        ("plain", "plain"), ("'1'", "\"1\""), ("1.5", "\"1.5\""), ("127.0.0.1:80", "127.0.0.1:80"),
        ("12:30", "\"12:30\""), ("2026-01-01", "\"2026-01-01\""), ("no", "\"no\""), ("'a: b'", "\"a: b\""),
        ("'a #b'", "\"a #b\""), ("'- a'", "\"- a\""), ("\"é\"", "\"é\""), ("'[a]'", "\"[a]\""), ("0x1f", "\"0x1f\""),
        ("'$${A}'", "$${A}"), ("1e3", "\"1e3\""), ("a:b", "a:b"), ("\"a\\\"b\\\\\"", "\"a\\\"b\\\\\""),
    ]) func texts(_ written: String, _ wanted: String) {
        #expect(expanded("text", written) == wanted)
    }
}
