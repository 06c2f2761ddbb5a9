/// Whose turn it is among servers that are otherwise equal: weighted turns in virtual time.
struct Turns {
    private var passes: ContiguousArray<UInt64>
    private var latest: UInt64 = 0

    init(_ view: PoolView) {
        passes = ContiguousArray(repeating: 0, count: view.count)
        for server in 0..<view.count { join(view, server) }
    }

    /// A server came into the choice, or its share changed.
    mutating func join(_ view: PoolView, _ server: Int) {
        passes[server] = latest &+ Pass.offset(of: server, stride: Pass.stride(share: view.shares[server]))
    }

    @inline(__always) func isEarlier(_ server: Int, than other: Int) -> Bool {
        Int64(bitPattern: passes[server] &- passes[other]) < 0
    }

    mutating func take(_ view: PoolView, _ server: Int) {
        latest = Pass.later(latest, passes[server])
        passes[server] = latest &+ Pass.stride(share: view.shares[server])
    }
}
