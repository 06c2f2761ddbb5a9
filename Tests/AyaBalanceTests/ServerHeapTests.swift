internal import AyaCore
internal import Testing

@testable internal import AyaBalance

@Suite struct ServerHeapTests {
    @Test func staysAHeapUnderRandomChanges() {
        var random = RandomSource(seed: 8)
        var heap = ServerHeap(capacity: 100)
        var model: [Int: (rank: UInt64, pass: UInt64)] = [:]
        // Passes near the end of their range: they wrap around.
        for round in 0..<5_000 {
            let server = Int.random(in: 0..<100, using: &random)
            if Int.random(in: 0..<4, using: &random) == 0 {
                heap.remove(server)
                model[server] = nil
            } else {
                let rank = UInt64.random(in: 0..<5, using: &random)
                let pass = (UInt64.max - 2_000) &+ UInt64(round)
                heap.put(ServerHeap.Entry(rank: rank, pass: pass, server: Int32(server), share: 1))
                model[server] = (rank, pass)
            }
            #expect(heap.isConsistent)
            let least = model.min { left, right in
                left.value.rank != right.value.rank
                    ? left.value.rank < right.value.rank
                    : Int64(bitPattern: left.value.pass &- right.value.pass) < 0
            }
            #expect(heap.first(excluding: .none).map { Int($0.server) } == least?.key)
        }
    }
}
