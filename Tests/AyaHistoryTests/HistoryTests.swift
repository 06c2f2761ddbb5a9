internal import AyaHistory
internal import AyaTelemetry
internal import Glibc
internal import Testing

@Suite struct HistoryTests {
    /// The beginning of an hour.
    static let hour: Int64 = 1_764_000_000

    @Test func secondsAreThereAtOnceAndAfterARestart() async throws {
        let place = Folder()
        let first = try History.make(.test(place))
        await first.fill(from: Self.hour, seconds: 25)
        #expect(await first.requests(.second, from: Self.hour, to: Self.hour + 25) == (0..<25).map(Float.init))
        await first.end()
        let second = try History.make(.test(place))
        // In the middle of the stretch that the first began.
        await second.fill(from: Self.hour + 27, seconds: 10)
        let values = await second.requests(.second, from: Self.hour, to: Self.hour + 37)
        #expect(values[..<25].elementsEqual((0..<25).map(Float.init)))
        #expect(values[25].isNaN && values[26].isNaN)
        #expect(values[27...].elementsEqual((27..<37).map(Float.init)))
        await second.end()
        let third = try History.make(.test(place))
        let again = await third.requests(.second, from: Self.hour, to: Self.hour + 37)
        #expect(again[24] == 24 && again[27] == 27 && again[36] == 36)
    }

    @Test func whatIsWrittenOutlastsAProcessThatIsKilled() async throws {
        let place = Folder()
        let first = try History.make(.test(place))
        await first.fill(from: Self.hour, seconds: 25)
        // A second connection sees what a process after a kill would: no more than was committed.
        let second = try History.make(.test(place))
        let values = await second.requests(.second, from: Self.hour, to: Self.hour + 25)
        #expect(values[..<20].elementsEqual((0..<20).map(Float.init)))
        #expect(values[20...].isGap)
        _ = await first.state()
    }

    @Test func minutesAndHoursAreMeans() async throws {
        let place = Folder()
        let history = try History.make(.test(place))
        for time in Self.hour..<Self.hour + 7_300 { await history.take(Frame(time, Float((time - Self.hour) / 60))) }
        let minutes = await history.requests(.minute, from: Self.hour, to: Self.hour + 7_200)
        #expect(minutes == (0..<120).map(Float.init))
        let hours = await history.requests(.hour, from: Self.hour, to: Self.hour + 7_200)
        #expect(hours == [29.5, 89.5])
    }

    /// A restart within a minute: both processes' seconds are in it.
    @Test func aMinuteIsMadeOfWhatBothProcessesSaw() async throws {
        let place = Folder()
        let first = try History.make(.test(place))
        for time in Self.hour..<Self.hour + 30 { await first.take(Frame(time, 10)) }
        await first.end()
        let second = try History.make(.test(place))
        for time in Self.hour + 30..<Self.hour + 75 { await second.take(Frame(time, 20)) }
        #expect(await second.requests(.minute, from: Self.hour, to: Self.hour + 60) == [15])
    }

    @Test func latenciesWeighByRequests() async throws {
        let history = try History.make(Settings(place: .memory))
        let metrics = Roster.pool.metrics
        for second in 0..<Int64(70) {
            var values = ContiguousArray<Float>(repeating: 0, count: metrics.count)
            for (index, metric) in metrics.enumerated() {
                if metric == .requests { values[index] = second == 5 ? 99 : second == 6 ? 1 : 0 }
                if metric == .latencyMean { values[index] = second == 5 ? 0.1 : second == 6 ? 1.1 : .nan }
            }
            await history.take(Frame(time: Self.hour + second, roster: .one, values: values))
        }
        let name = SeriesName(Roster.pool, .latencyMean)
        let span = Span(.minute, from: Self.hour, to: Self.hour + 60)
        let value = try #require(await history.values(of: [name], span)[name]?.first)
        #expect(abs(value - 0.11) < 0.0001)
    }

    @Test func onlyOneProcessWritesAndTheNextTakesOver() async throws {
        let place = Folder()
        let first = try History.make(.test(place))
        await first.fill(from: Self.hour, seconds: 15)
        let second = try History.make(.test(place))
        await second.fill(from: Self.hour + 12, seconds: 20)
        #expect(await second.problem != nil)
        // What it could not write yet, it tells all the same.
        #expect(await second.requests(.second, from: Self.hour + 30, to: Self.hour + 32) == [30, 31])
        await first.end()
        await second.fill(from: Self.hour + 32, seconds: 10)
        #expect(await second.problem == nil)
        await second.end()
        let third = try History.make(.test(place))
        #expect(await third.requests(.second, from: Self.hour, to: Self.hour + 42) == (0..<42).map(Float.init))
    }

    @Test func aDamagedFileIsSetAside() async throws {
        let place = Folder()
        let first = try History.make(.test(place))
        await first.fill(from: Self.hour, seconds: 25)
        await first.end()
        let descriptor = unsafe open(place.file, O_WRONLY)
        let garbage = [UInt8](repeating: 0x5a, count: 20_000)
        #expect(unsafe pwrite(descriptor, garbage, garbage.count, 0) == garbage.count)
        close(descriptor)
        for suffix in ["-wal", "-shm"] { unsafe unlink(place.file + suffix) }
        let second = try History.make(.test(place))
        await second.fill(from: Self.hour + 30, seconds: 45)
        #expect(unsafe access(place.file + ".damaged", F_OK) == 0)
        #expect(await second.problem == nil)
        #expect(await second.requests(.second, from: Self.hour + 30, to: Self.hour + 60) == (30..<60).map(Float.init))
    }

    @Test func itStaysWithinItsSize() async throws {
        let place = Folder()
        let subjects = (0..<200).map { Subject.pool("p\($0)") }
        let roster = Roster(subjects)
        let history = try History.make(.test(place, size: 2 << 20))
        for second in 0..<Int64(1_200) {
            var values = ContiguousArray<Float>()
            for index in 0..<subjects.count * Metric.allCases.count {
                values.append(Float(second) * 1.1 + Float(index))
            }
            await history.take(Frame(time: Self.hour + second, roster: roster, values: values))
        }
        let counts = await history.state()
        #expect(counts.bytes <= 2 << 20)
        #expect(await history.problem == nil)
        let name = SeriesName(subjects[0], .requests)
        let span = Span(.second, from: Self.hour, to: Self.hour + 1_200)
        let values = try #require(await history.values(of: [name], span)[name])
        #expect(values[0].isNaN, "the oldest has gone")
        #expect(!values[1_199].isNaN)
    }

    @Test func whatIsTooOldGoes() async throws {
        var settings = Settings(place: .memory)
        settings.retention[.second] = 60
        let history = try History.make(settings)
        await history.fill(from: Self.hour, seconds: 400)
        let values = await history.requests(.second, from: Self.hour, to: Self.hour + 400)
        #expect(values[..<270].isGap)
        #expect(values[399] == 99)
    }

    @Test func forgetting() async throws {
        let place = Folder()
        let history = try History.make(.test(place))
        let roster = Roster([.pool("web"), .pool("api")])
        for time in Self.hour..<Self.hour + 200 { await history.take(Frame(time, 5, of: roster)) }
        #expect(await history.forget([.pool("web")]))
        let span = Span(.second, from: Self.hour, to: Self.hour + 50)
        let (web, api) = (SeriesName(.pool("web"), .requests), SeriesName(.pool("api"), .requests))
        let values = await history.values(of: [web, api], span)
        #expect(values[web]?.isGap == true)
        #expect(values[api] == Array(repeating: 5, count: 50))
        #expect(await history.forget(nil))
        #expect(await history.values(of: [api], span)[api]?.isGap == true)
    }

    @Test func papersOutlastARestartUntilTheyAreDiscarded() async throws {
        let place = Folder()
        let first = try History.make(.test(place))
        #expect(await first.paper("a") == nil)
        #expect(await first.keep([1, 2], as: "a"))
        #expect(await first.keep([3], as: "a"))
        #expect(await first.keep([], as: "b"))
        await first.end()
        #expect(await first.keep([4], as: "a") == false)
        let second = try History.make(.test(place))
        #expect(await second.paper("a") == [3])
        #expect(await second.paper("b") == [])
        #expect(await second.discardPapers())
        #expect(await second.paper("a") == nil)
        #expect(await second.keep([5], as: "a"))
        #expect(await second.forget(nil))
        #expect(await second.paper("a") == nil)
    }

    @Test func aClockThatIsSetBackIsFollowed() async throws {
        let history = try History.make(Settings(place: .memory))
        await history.fill(from: Self.hour + 10_000, seconds: 30)
        await history.fill(from: Self.hour, seconds: 30)
        #expect(await history.requests(.second, from: Self.hour, to: Self.hour + 30) == (0..<30).map(Float.init))
        await history.fill(from: Self.hour + 20_000, seconds: 90)
        #expect(await history.problem == nil)
        #expect(await history.requests(.minute, from: Self.hour + 20_040, to: Self.hour + 20_041) != [.nan])
    }
}
