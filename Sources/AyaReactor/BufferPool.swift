package import AyaCore

/// Buffers of two sizes that a worker lends to its connections: small ones for request heads, large ones for bodies
/// and answers. A connection holds one only while bytes are in it, so their number follows the work, not the
/// connections.
package final class BufferPool {
    package static let smallSize = 4 << 10
    package static let largeSize = 64 << 10

    private var small = Stack(limit: 1024)
    private var large = Stack(limit: 64)
    /// Buffers lent at the moment.
    package private(set) var lent = 0

    package init() {}

    package func takeSmall() -> Buffer {
        lent += 1
        return small.pop() ?? Buffer(capacity: Self.smallSize)
    }

    package func takeLarge() -> Buffer {
        lent += 1
        return large.pop() ?? Buffer(capacity: Self.largeSize)
    }

    package func give(_ buffer: consuming Buffer) {
        lent -= 1
        buffer.clear()
        switch buffer.capacity {
        case Self.smallSize: small.push(buffer)
        case Self.largeSize: large.push(buffer)
        default: break
        }
    }

    /// Halves what lies unused, so that a burst's memory goes back over the next seconds.
    package func trim() {
        small.halve()
        large.halve()
    }

    /// Free buffers, linked through themselves: an array would check its uniqueness and bounds at each step.
    private struct Stack {
        private var first: Buffer?
        private var count = 0
        /// Those beyond it go back to the heap.
        private let limit: Int

        init(limit: Int) { self.limit = limit }

        mutating func pop() -> Buffer? {
            guard let buffer = first.take() else { return nil }
            first = buffer.nextFree.take()
            count -= 1
            return buffer
        }

        mutating func push(_ buffer: consuming Buffer) {
            guard count < limit else { return }
            // Taken and consumed, a reference moves without being counted.
            buffer.nextFree = first.take()
            first = buffer
            count += 1
        }

        mutating func halve() {
            for _ in 0..<count / 2 { _ = pop() }
        }
    }
}
