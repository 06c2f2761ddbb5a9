internal import AyaTelemetry
internal import Testing

@Suite struct TimestampTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"),
            (-5, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000_000_000, "2000-02-29T00:00:00.000Z"),
            (951_868_799_999_999_999, "2000-02-29T23:59:59.999Z"),
            (1_709_251_199_001_000_000, "2024-02-29T23:59:59.001Z"),
            (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000Z"),
        ] as [(Int64, String)])
    func isRFC3339(time: Int64, expected: String) {
        var timestamp = Timestamp()
        var text = Text()
        timestamp.append(time, to: &text)
        #expect(text.string == expected)
    }

    @Test func rememberedSecondIsRight() {
        var kept = Timestamp()
        for time in stride(from: Int64(1_700_000_000_000_000_000), to: 1_700_000_010_000_000_000, by: 77_000_001) {
            var text = Text()
            kept.append(time, to: &text)
            var fresh = Timestamp()
            var other = Text()
            fresh.append(time, to: &other)
            #expect(text.string == other.string)
        }
    }
}
