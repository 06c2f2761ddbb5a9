package import AyaCore

/// Buffers of two sizes that a worker lends to its connections: small ones for request heads, large ones for bodies
/// and answers. A connection holds one only while bytes are in it, so their number follows the work, not the
/// connections.
package final class BufferPool {
    package static let smallSize = 4 << 10
    package static let largeSize = 64 << 10

    private var small: [Buffer] = []
    private var large: [Buffer] = []
    /// Buffers lent at the moment.
    package private(set) var lent = 0

    /// Free ones beyond these are given back to the heap.
    private let keptSmall = 1024
    private let keptLarge = 64

    package init() {
        small.reserveCapacity(keptSmall)
        large.reserveCapacity(keptLarge)
    }

    package func takeSmall() -> Buffer {
        lent += 1
        return small.popLast() ?? Buffer(capacity: Self.smallSize)
    }

    package func takeLarge() -> Buffer {
        lent += 1
        return large.popLast() ?? Buffer(capacity: Self.largeSize)
    }

    package func give(_ buffer: Buffer) {
        lent -= 1
        buffer.clear()
        switch buffer.capacity {
        case Self.smallSize where small.count < keptSmall: small.append(buffer)
        case Self.largeSize where large.count < keptLarge: large.append(buffer)
        default: break
        }
    }

    /// Halves what lies unused, so that a burst's memory goes back over the next seconds.
    package func trim() {
        small.removeLast(small.count / 2)
        large.removeLast(large.count / 2)
    }
}
