internal import AyaCore
internal import AyaTelemetry
internal import Testing

@Suite struct ReasonTests {
    @Test func codesAreUniqueSnakeCase() {
        let codes = Reason.allCases.map(\.code)
        #expect(Set(codes).count == codes.count)
        for code in codes {
            #expect(code.utf8.allSatisfy { (97...122).contains($0) || $0 == 95 }, "\(code)")
        }
    }

    @Test func rawValuesNumberTheCounters() {
        #expect(Reason.allCases.map { Int($0.rawValue) } == Array(0..<Reason.allCases.count))
    }

    @Test func statusFollowsBlame() {
        for reason in Reason.allCases {
            switch reason.blame {
            case .client: #expect((400...505).contains(reason.status), "\(reason.code)")
            case .upstream: #expect([502, 503, 504].contains(reason.status), "\(reason.code)")
            case .aya: #expect([500, 503].contains(reason.status), "\(reason.code)")
            case .operator: #expect(reason.status == 503, "\(reason.code)")
            case nil: #expect(reason == .ok || reason == .idleTimeout)
            }
        }
    }
}
