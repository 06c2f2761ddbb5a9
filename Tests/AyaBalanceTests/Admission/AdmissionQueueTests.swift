internal import AyaBalance
internal import AyaCore
internal import Testing

@Suite struct AdmissionQueueTests {
    private static func at(_ milliseconds: Int64) -> Instant {
        Instant(nanoseconds: 1_000_000_000) + .milliseconds(milliseconds)
    }

    private static func position(_ entry: AdmissionQueue.Entry) -> Int? {
        switch entry {
        case .queued(let position), .displacing(let position): position
        case .full: nil
        }
    }

    @Test func theMostCriticalGoFirstAndEqualsInOrder() {
        var queue = AdmissionQueue(AdmissionQueue.Settings(limit: 10, timeout: .seconds(1)))
        let order = [2, 3, 2, 0, 1].map { Self.position(queue.enter(criticality: $0, now: Self.at(0))) }
        var left: [Int?] = []
        while let next = queue.next(now: Self.at(1)) { left.append(next) }
        #expect(left == [order[3], order[4], order[0], order[2], order[1]])
        #expect(queue.isEmpty)
    }

    @Test func aFullQueueTurnsAwayOrDisplaces() {
        var queue = AdmissionQueue(AdmissionQueue.Settings(limit: 2, timeout: .seconds(1)))
        let first = Self.position(queue.enter(criticality: 2, now: Self.at(0)))
        let second = queue.enter(criticality: 3, now: Self.at(1))
        #expect(queue.enter(criticality: 3, now: Self.at(2)) == .full)
        let third = queue.enter(criticality: 1, now: Self.at(3))
        #expect(third == Self.position(second).map { .displacing($0) })
        #expect(queue.enter(criticality: 2, now: Self.at(4)) == .full)
        #expect(queue.count == 2)
        _ = queue.next(now: Self.at(5))
        #expect(queue.next(now: Self.at(5)) == first)
    }

    @Test func aBurstKeepsItsOrder() {
        var queue = AdmissionQueue(AdmissionQueue.Settings(limit: 100, timeout: .seconds(1)))
        let order = (0..<20).map { _ in Self.position(queue.enter(criticality: 2, now: Self.at(0))) }
        for (index, expected) in order.enumerated() {
            #expect(queue.next(now: Self.at(Int64(index) * 4)) == expected)
        }
    }

    @Test func underLastingOverloadTheNewestGoFirstAndTheSheddableGo() {
        var queue = AdmissionQueue(AdmissionQueue.Settings(limit: 1_000, timeout: .seconds(1)))
        var shed = 0
        var served: [Int64] = []
        var since: [Int: Int64] = [:]
        // One goes for every two that come.
        for step in 0..<Int64(600) {
            let criticality = step % 4 == 0 ? 3 : 2
            if let position = Self.position(queue.enter(criticality: criticality, now: Self.at(step))) {
                since[position] = step
            }
            if step % 2 == 1, let next = queue.next(now: Self.at(step)) { served.append(step - (since[next] ?? 0)) }
            while let next = queue.shed(now: Self.at(step)) {
                #expect(step - (since[next] ?? step) > 100)
                shed += 1
            }
        }
        #expect(queue.isOverloaded)
        #expect(shed > 0)
        #expect(served.suffix(50).allSatisfy { $0 <= 4 }, "the newest wait hardly at all")
    }

    @Test func whoLeavesIsNotServed() {
        var queue = AdmissionQueue(AdmissionQueue.Settings(limit: 10, timeout: .milliseconds(50)))
        guard let one = Self.position(queue.enter(criticality: 2, now: Self.at(0))),
            let two = Self.position(queue.enter(criticality: 2, now: Self.at(0)))
        else { return #expect(Bool(false)) }
        #expect(queue.deadline(one) == Self.at(50))
        queue.leave(one)
        queue.leave(one)
        #expect(queue.count == 1)
        #expect(queue.next(now: Self.at(10)) == two)
        #expect(queue.next(now: Self.at(10)) == nil)
    }

    /// Whatever happens, the queue holds exactly those who came and did not go.
    @Test func itsBookkeepingHoldsUnderChance() {
        var random = RandomSource(seed: 7)
        var queue = AdmissionQueue(AdmissionQueue.Settings(limit: 30, timeout: .milliseconds(40)))
        var inside: Set<Int> = []
        for step in 0..<Int64(20_000) {
            let now = Self.at(step)
            switch random.next() % 4 {
            case 0, 1:
                switch queue.enter(criticality: Int(random.next() % 4), now: now) {
                case .queued(let position): #expect(inside.insert(position).inserted)
                case .displacing(let position): #expect(inside.contains(position))
                case .full: #expect(inside.count == 30)
                }
            case 2:
                let next = queue.next(now: now)
                #expect(next.map { inside.remove($0) != nil } ?? inside.isEmpty)
            default:
                if let gone = inside.first {
                    inside.remove(gone)
                    queue.leave(gone)
                }
                while let next = queue.shed(now: now) { #expect(inside.remove(next) != nil) }
            }
            #expect(queue.count == inside.count)
        }
    }
}
