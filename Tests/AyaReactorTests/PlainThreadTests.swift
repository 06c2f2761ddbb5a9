import AyaReactor
import Foundation
import Synchronization
import Testing

@Suite struct PlainThreadTests {
    private static func mappedBytes() throws -> Int {
        let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ").first
        return try #require(pages.flatMap { Int($0) }) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    @Test func threadsThatNobodyJoinsLeaveNothing() throws {
        let before = try Self.mappedBytes()
        for _ in 0..<300 {
            let ended = DispatchSemaphore(value: 0)
            #expect(PlainThread { ended.signal() }.start())
            ended.wait()
        }
        // A stack takes 8 MiB of address space. What other tests map meanwhile is far below 300 of them.
        #expect(try Self.mappedBytes() - before < 1 << 30)
    }

    @Test func joiningWaitsForTheEnd() {
        let value = Mutex(0)
        let thread = PlainThread {
            usleep(20_000)
            value.withLock { $0 = 1 }
        }
        #expect(thread.start())
        thread.join()
        #expect(value.withLock(\.self) == 1)
    }
}
