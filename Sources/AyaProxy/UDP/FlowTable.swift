internal import AyaCore

/// The flows of one UDP listener on one worker, by client address.
///
/// Open addressing over references: a lookup touches one word a probe and the flow itself. The hash is seeded, so that
/// nobody who chooses source addresses can choose collisions.
struct FlowTable {
    /// A power of two, at most half full.
    private var slots: ContiguousArray<UDPFlow?>
    private let seed: UInt64
    private(set) var count = 0

    init(seed: UInt64) {
        self.seed = seed | 1
        slots = ContiguousArray(repeating: nil, count: 64)
    }

    func find(_ client: SocketAddress) -> UDPFlow? {
        var position = home(client)
        while let flow = slots[position] {
            if flow.client == client { return flow }
            position = (position + 1) & (slots.count - 1)
        }
        return nil
    }

    /// The client must not be in it already.
    mutating func insert(_ flow: UDPFlow) {
        if (count + 1) * 2 > slots.count { resize(to: slots.count * 2) }
        place(flow)
        count += 1
    }

    mutating func remove(_ flow: UDPFlow) {
        var hole = home(flow.client)
        while slots[hole] !== flow {
            guard slots[hole] != nil else { return }
            hole = (hole + 1) & (slots.count - 1)
        }
        count -= 1
        // Whoever would not be found behind the hole moves into it.
        var next = (hole + 1) & (slots.count - 1)
        while let candidate = slots[next] {
            let distance = (next - home(candidate.client)) & (slots.count - 1)
            if distance >= (next - hole) & (slots.count - 1) {
                slots[hole] = candidate
                hole = next
            }
            next = (next + 1) & (slots.count - 1)
        }
        slots[hole] = nil
        if slots.count > 64, count * 8 < slots.count { resize(to: slots.count / 2) }
    }

    var all: [UDPFlow] { slots.compactMap { $0 } }

    private mutating func resize(to size: Int) {
        let flows = all
        slots = ContiguousArray(repeating: nil, count: size)
        for flow in flows { place(flow) }
    }

    private mutating func place(_ flow: UDPFlow) {
        var position = home(flow.client)
        while slots[position] != nil { position = (position + 1) & (slots.count - 1) }
        slots[position] = flow
    }

    private func home(_ client: SocketAddress) -> Int {
        var hash = (client.ip.low ^ seed) &* 0x9e37_79b9_7f4a_7c15
        hash = (hash ^ hash >> 29 ^ client.ip.high) &* seed
        hash = (hash ^ hash >> 32 ^ UInt64(client.port)) &* 0xd6e8_feb8_6659_fd93
        return Int(truncatingIfNeeded: hash >> 20) & (slots.count - 1)
    }
}
