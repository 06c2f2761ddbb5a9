internal import AyaCore
internal import Testing

@testable internal import AyaReactor

struct BufferPoolTests {
    @Test func lendsAgainWhatCameBack() {
        let pool = BufferPool()
        let small = pool.takeSmall()
        let large = pool.takeLarge()
        #expect(small.capacity == BufferPool.smallSize && large.capacity == BufferPool.largeSize)
        #expect(pool.lent == 2)
        small.append(1)
        pool.give(small)
        pool.give(large)
        #expect(pool.lent == 0)
        let again = pool.takeSmall()
        #expect(again === small && again.isEmpty)
        #expect(pool.takeLarge() === large)
    }

    @Test func trimmingGivesHalfBack() {
        let pool = BufferPool()
        let buffers = (0..<8).map { _ in pool.takeLarge() }
        weak let last = buffers.last
        for buffer in buffers { pool.give(buffer) }
        pool.trim()
        #expect(pool.takeLarge() !== last)
    }

    @Test func aPipeWithBytesInItIsNotLentAgain() throws {
        let pool = PipePool()
        let pipe = try #require(pool.take())
        #expect(pipe.capacity >= 4096)
        pool.give(pipe)
        #expect(pool.take() === pipe)
        pipe.filled(1)
        pool.give(pipe)
        let other = try #require(pool.take())
        #expect(other !== pipe)
        pipe.drained(1)
    }
}
