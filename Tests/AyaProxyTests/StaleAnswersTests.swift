internal import AyaCore
internal import Testing

@testable internal import AyaProxy

@Suite struct StaleAnswersTests {
    private static func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: 1_000_000_000) + .seconds(seconds) }

    private static func keep(_ answers: StaleAnswers, _ key: UInt64, _ length: Int, at seconds: Int64) {
        answers.keep(
            key, request: [UInt8(truncatingIfNeeded: key)], fields: [], body: [UInt8](repeating: 7, count: length),
            now: at(seconds))
    }

    @Test func whatIsKeptIsFoundUntilItIsTooOld() {
        let answers = StaleAnswers(maxAge: .seconds(60), capacity: 10_000)
        Self.keep(answers, 1, 100, at: 0)
        #expect(answers.find(1, request: [1], now: Self.at(60))?.body.count == 100)
        #expect(answers.find(1, request: [2], now: Self.at(1)) == nil, "another request with the same hash")
        #expect(answers.find(2, request: [2], now: Self.at(1)) == nil)
        #expect(answers.find(1, request: [1], now: Self.at(61)) == nil)
        #expect(answers.count == 0)
    }

    @Test func anAnswerIsTakenAgainOnceASecond() {
        let answers = StaleAnswers(maxAge: .seconds(60), capacity: 10_000)
        #expect(answers.wants(1, now: Self.at(0)))
        Self.keep(answers, 1, 100, at: 0)
        #expect(!answers.wants(1, now: Instant(nanoseconds: 1_900_000_000)))
        #expect(answers.wants(1, now: Self.at(1)))
        Self.keep(answers, 1, 200, at: 1)
        #expect(answers.find(1, request: [1], now: Self.at(2))?.body.count == 200)
        #expect(answers.count == 1)
    }

    @Test func theOldestGoFirstAndTheSizeIsABound() {
        let answers = StaleAnswers(maxAge: .seconds(1_000), capacity: 12_000)
        for key in UInt64(0)..<5_000 { Self.keep(answers, key, 1_000, at: Int64(key / 100)) }
        #expect((9...12).contains(answers.count))
        #expect(answers.find(4_999, request: [UInt8(truncatingIfNeeded: 4_999)], now: Self.at(50)) != nil)
        #expect(answers.find(0, request: [0], now: Self.at(50)) == nil)
        // One that changes often does not push the others out.
        for second in Int64(51)..<5_000 { Self.keep(answers, 4_999, 1_000, at: second) }
        #expect(answers.count >= 9)
        Self.keep(answers, 9_999, 20_000, at: 51)
        #expect(answers.find(9_999, request: [UInt8(truncatingIfNeeded: 9_999)], now: Self.at(51)) == nil)
    }
}
