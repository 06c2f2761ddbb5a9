internal import AyaBalance
internal import AyaCore
internal import AyaProxy
internal import Testing

@Suite struct TacticReportTests {
    @Test func whatAWorkerTellsIsWhatIsRead() throws {
        let change = Selection.Change(
            from: .soonest, to: .consistentHash, moment: Instant(nanoseconds: 5_000_000_000), p99: (0.25, 0.1),
            failureShare: (0.01, 0), samples: 42)
        let report = TacticReport(change)
        let read = try #require(TacticReport(words: report.words))
        #expect(read == report && read.from == .soonest && read.to == .consistentHash)
        #expect(
            read.explanation
                == "consistent_hash instead of soonest: 99 of 100 below 100.0 ms instead of 250.0 ms, "
                + "0.0 % failed instead of 1.0 %, by 42 requests that tried it")
        #expect(TacticReport(words: (0, 0)) == nil)
    }

    @Test func extremesStayInTheirPlaces() throws {
        let change = Selection.Change(
            from: .roundRobin, to: .uncrowded, moment: Instant(nanoseconds: .max), p99: (.infinity, -1),
            failureShare: (9, -1), samples: .max)
        let report = TacticReport(change)
        let read = try #require(TacticReport(words: report.words))
        #expect(read == report && read.to == .uncrowded && read.p99.to == 0 && read.failures.from == 10_000)
    }
}
