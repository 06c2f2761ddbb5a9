internal import AyaBrain
internal import Testing

@Suite struct DrillDownTests {
    private func slice(_ dimension: Subject.Dimension, _ value: String, _ counts: [Double]) -> Slice {
        Slice(
            dimension, value, before: Slice.Count(events: counts[0], base: counts[1]),
            during: Slice.Count(events: counts[2], base: counts[3]))
    }

    /// One server of three fails; each route suffers by its share of the traffic.
    @Test func namesTheServerThatFails() {
        let culprits = DrillDown.culprits(of: [
            slice(.server, "a", [1, 1_000, 300, 1_000]), slice(.server, "b", [1, 1_000, 2, 1_000]),
            slice(.server, "c", [1, 1_000, 1, 1_000]), slice(.route, "shop", [2, 2_000, 202, 2_000]),
            slice(.route, "site", [1, 1_000, 101, 1_000]),
        ])
        #expect(culprits.map(\.value) == ["a"])
        #expect(culprits.first.map { $0.dimension == .server && $0.share > 0.98 } == true)
        #expect(culprits.first?.before == 0.001 && culprits.first?.during == 0.3)
    }

    @Test func namesTheStatusThatIsNew() {
        let culprits = DrillDown.culprits(of: [
            slice(.status, "502", [0, 600, 90, 60]), slice(.status, "500", [600, 600, 61, 60]),
            slice(.server, "a", [300, 600, 75, 60]), slice(.server, "b", [300, 600, 76, 60]),
        ])
        #expect(culprits.map(\.value) == ["502"])
    }

    @Test func namesTheClientThatFellSilent() {
        let culprits = DrillDown.culprits(of: [
            slice(.client, "x", [900, 90, 0, 10]), slice(.client, "y", [900, 90, 101, 10]),
            slice(.client, "z", [900, 90, 98, 10]),
        ])
        #expect(culprits.map(\.value) == ["x"])
    }

    @Test func blamesNobodyForWhatHitsAll() {
        #expect(
            DrillDown.culprits(of: [
                slice(.server, "a", [1, 1_000, 100, 1_000]), slice(.server, "b", [1, 1_000, 101, 1_000]),
                slice(.server, "c", [1, 1_000, 99, 1_000]),
            ]).isEmpty)
    }

    @Test func blamesNobodyForNothing() {
        #expect(DrillDown.culprits(of: []).isEmpty)
        #expect(DrillDown.culprits(of: [slice(.server, "a", [1, 10, 9, 10])]).isEmpty)
        #expect(
            DrillDown.culprits(of: [
                slice(.server, "a", [0, 0, 0, 0]), slice(.server, "b", [.nan, 1, 5, 1]),
                slice(.server, "c", [.greatestFiniteMagnitude, 1e-300, 5, 1e300]), slice(.server, "d", [-1, 1, 5, 1]),
            ]).isEmpty)
    }

    @Test func findsSinceWhen() {
        #expect(Onset.row(in: [1, 2, 1, 2, 1, 9, 8, 9]) == 5)
        #expect(Onset.row(in: [1, .nan, 1, 1, .nan, 9, 9]) == 5)
        #expect(Onset.row(in: [1, 9, 1, 9, 1, 9, 1, 9]) == nil)
        #expect(Onset.row(in: [5, 5, 5, 5]) == nil && Onset.row(in: [1, 2]) == nil && Onset.row(in: []) == nil)
        #expect(Onset.row(in: [1e300, -1e300, 1e308, -1e308, 0]) == nil)
    }
}
