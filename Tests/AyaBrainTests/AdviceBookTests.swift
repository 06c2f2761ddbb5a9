internal import AyaBrain
internal import Testing

@Suite struct AdviceBookTests {
    private static func add(_ book: inout AdviceBook, _ action: String = "drain", at time: Double) -> Advice? {
        book.add(.precursor, "servers/web/a", action, confidence: 2, reason: "slow", expiry: 60, at: time)
    }

    @Test func doesNotRepeatWhatHolds() throws {
        var book = AdviceBook()
        let told = Self.add(&book, at: 0)
        let first = try #require(told)
        #expect(first.id == 1 && first.confidence == 1 && first.outcome == nil)
        #expect(Self.add(&book, at: 59) == nil)
        #expect(Self.add(&book, "eject", at: 59)?.id == 2)
        #expect(Self.add(&book, at: 60)?.id == 3)
        book.close(1, "drained")
        #expect(book.advice.map(\.outcome) == ["drained", nil, nil])
        // The clock was set back: what was advised in the future does not hold.
        #expect(Self.add(&book, at: -100)?.id == 4)
    }

    @Test func keepsTheNewestOnly() {
        var book = AdviceBook(capacity: 3)
        for minute in 0..<10 { _ = Self.add(&book, at: 60 * Double(minute)) }
        #expect(book.advice.map(\.id) == [8, 9, 10])
        book.close(1, "nobody knows of it any more")
    }
}
