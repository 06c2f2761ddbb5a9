internal import Testing

@testable internal import AyaReactor

struct SocketTableTests {
    private final class Target: EventTarget {
        func close() {}
        func event(_ bits: UInt32) {}
    }

    @Test func aTokenDiesWithItsTarget() {
        var table = SocketTable()
        let first = Target()
        let second = Target()
        let slot = table.insert(first)
        let token = table.token(slot)
        #expect(table.member(token) === first)
        table.remove(slot)
        #expect(table.member(token) == nil)
        let reused = table.insert(second)
        #expect(reused == slot)
        #expect(table.member(token) == nil, "an event for the former owner must not reach the present one")
        #expect(table.member(table.token(reused)) === second)
    }

    @Test func countsAndIgnoresWhatItDoesNotKnow() {
        var table = SocketTable()
        let slots = (0..<100).map { _ in table.insert(Target()) }
        #expect(table.count == 100)
        for slot in slots where slot % 2 == 0 { table.remove(slot) }
        for slot in slots where slot % 2 == 0 { table.remove(slot) }
        #expect(table.count == 50)
        table.remove(-1)
        table.remove(1_000_000)
        #expect(table.member(SocketTable.mailboxToken) == nil)
        #expect(table.member(UInt64(UInt32.max)) == nil)
    }
}
