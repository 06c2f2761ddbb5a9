internal import AyaHistory
internal import Testing

@Suite struct ChunkTests {
    @Test func whatWasPutInComesOut() throws {
        var chunk = Chunk(count: 10)
        for index in 0..<10 {
            chunk[.requests, index] = 7
            chunk[.inFlight, index] = index == 3 ? .nan : Float(index * 20)
            chunk[.latencyMean, index] = 0.001 * Float(index)
        }
        let read = try #require(Chunk(chunk.bytes))
        #expect(read == chunk)
        #expect(read[.requests, 9] == 7)
        #expect(read[.inFlight, 3].isNaN)
        #expect(read[.inFlight, 9] == 180)
        #expect(read[.latencyMean, 5] == 0.001 * 5)
        #expect(read[.errors, 0].isNaN)
    }

    @Test func quietSubjectsTakeLittle() {
        var chunk = Chunk(count: 10)
        for metric in Metric.allCases { for index in 0..<10 { chunk[metric, index] = 0 } }
        #expect(chunk.bytes.count == 2 + Metric.allCases.count * 6)
    }

    @Test func mergingKeepsWhatTheOtherLacks() {
        var first = Chunk(count: 4)
        var second = Chunk(count: 4)
        (first[.requests, 0], first[.requests, 1]) = (1, 2)
        (second[.requests, 1], second[.errors, 3]) = (5, 6)
        first.merge(second)
        #expect(first[.requests, 0] == 1)
        #expect(first[.requests, 1] == 5)
        #expect(first[.errors, 3] == 6)
    }

    /// Whatever stands in a damaged file.
    @Test func anyBytesAreReadWithoutATrap() {
        var generator = SystemRandomNumberGenerator()
        var chunk = Chunk(count: 15)
        for index in 0..<15 { chunk[.bytesIn, index] = 1.5 * Float(index) }
        for _ in 0..<20_000 {
            var bytes = chunk.bytes
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            bytes.removeLast(.random(in: 0..<bytes.count, using: &generator))
            if var read = Chunk(bytes) {
                read.merge(chunk)
                _ = read.bytes
            }
        }
        #expect(Chunk([]) == nil)
        #expect(Chunk([2, 10]) == nil)
    }
}

@Suite struct SeriesNameTests {
    @Test(arguments: [
        "aya/requests", "listeners/web/bytes_in", "routes/shop/latency_p99", "pools/web/saturation",
        "servers/web/127.0.0.1:9001/errors", "servers/web/[::1]:80/requests", "servers/web/unix:/run/x.sock/requests",
    ])
    func areReadAsTheyAreWritten(_ name: String) { #expect(SeriesName(name).map { "\($0)" } == name) }

    @Test(arguments: [
        "", "requests", "pools/web", "pools//", "pools/requests", "routes/x/bytes_in", "x/y/requests", "aya/",
    ])
    func othersAreNone(_ name: String) { #expect(SeriesName(name) == nil) }
}
