internal import AyaCore
internal import AyaReactor

/// Bytes of a body that have arrived and nobody has taken yet. The windows that HTTP/2 gives its peer bound it.
struct PayloadQueue {
    private var buffers: [Buffer] = []
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, lending worker: Worker) {
        var taken = 0
        count &+= bytes.count
        while taken < bytes.count {
            let last: Buffer
            if let buffer = buffers.last, buffer.room > 0 {
                last = buffer
            } else {
                let isShort = buffers.isEmpty && bytes.count <= BufferPool.smallSize
                last = isShort ? worker.buffers.takeSmall() : worker.buffers.takeLarge()
                buffers.append(last)
            }
            let part = min(bytes.count &- taken, last.room)
            unsafe last.append(bytes.extracting(taken..<taken &+ part))
            taken &+= part
        }
    }

    /// Moves up to `limit` bytes to the end of `out`, which has room for them.
    mutating func move(_ limit: Int, to out: Buffer, lending worker: Worker) -> Int {
        var moved = 0
        while moved < limit, let first = buffers.first {
            let part = min(limit &- moved, first.count)
            unsafe out.append(first.bytes(first.start..<first.start &+ part))
            first.consume(part)
            moved &+= part
            if first.isEmpty {
                buffers.removeFirst()
                worker.buffers.give(first)
            }
        }
        count &-= moved
        return moved
    }

    mutating func removeAll(lending worker: Worker) {
        for buffer in buffers { worker.buffers.give(buffer) }
        buffers = []
        count = 0
    }
}
