internal import AyaHistory
internal import Testing

@Suite struct HistoryImportTests {
    private static let hour = HistoryTests.hour

    /// A value for each minute from ten past on: its number.
    private static func add(_ count: Int, to place: Folder) throws {
        let values = (0..<count).map(Float.init)
        try HistoryImport.add(
            [.requests: values, .latencyMean: values.map { $0 < 50 ? 1 : .nan }], from: hour + 600, of: Roster.pool,
            .test(place))
    }

    @Test func minutesAndTheirHoursAreThere() async throws {
        let place = Folder()
        try Self.add(100, to: place)
        let history = try History.make(.test(place))
        let minutes = await history.requests(.minute, from: Self.hour, to: Self.hour + 7_200)
        #expect(minutes[..<10].isGap && minutes[110...].isGap)
        #expect(minutes[10..<110].elementsEqual((0..<100).map(Float.init)))
        let hours = await history.requests(.hour, from: Self.hour, to: Self.hour + 7_200)
        #expect(hours == [24.5, 74.5])
        // The second hour has no latency.
        let latency = SeriesName(Roster.pool, .latencyMean)
        let span = Span(.hour, from: Self.hour, to: Self.hour + 7_200)
        let told = await history.values(of: [latency], span)[latency] ?? []
        #expect(told[0] == 1 && told[1].isNaN)
        #expect(await history.names().contains(latency))
    }

    @Test func importingAgainChangesNothing() async throws {
        let place = Folder()
        try Self.add(30, to: place)
        try Self.add(30, to: place)
        let history = try History.make(.test(place))
        let minutes = await history.requests(.minute, from: Self.hour + 600, to: Self.hour + 2_400)
        #expect(minutes.elementsEqual((0..<30).map(Float.init)))
    }

    @Test func aHistoryThatIsWrittenIsLeftAlone() async throws {
        let place = Folder()
        let history = try History.make(.test(place))
        await history.fill(from: Self.hour, seconds: 25)
        #expect(throws: HistoryImport.Problem.self) { try Self.add(30, to: place) }
        await history.end()
        try Self.add(30, to: place)
    }
}
