/// A fixed block of memory with unread bytes in the middle: filled at the end, consumed from the front.
///
/// `[UInt8]` would check uniqueness on every append and zero its tail; a buffer is filled by system calls and reused
/// for the life of its worker. Every operation is bounds-checked, so the code above it stays memory-safe. An append
/// that does not fit sets `overflowed` and writes nothing: a writer checks once at the end instead of at each piece.
@safe public final class Buffer {
    // Safe: `base` is `capacity` bytes from init to deinit, and 0 <= start <= end <= capacity always.
    @usableFromInline let base: UnsafeMutableRawPointer
    /// How many bytes the block holds in all.
    public let capacity: Int
    @usableFromInline var head = 0
    @usableFromInline var tail = 0
    /// An append did not fit since the last `clear()`.
    @usableFromInline var overflow = false
    /// The next free one, while it lies in a pool.
    package var nextFree: Buffer?

    /// An empty buffer of so many bytes.
    public init(capacity: Int) {
        self.capacity = capacity
        unsafe self.base = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit { unsafe base.deallocate() }

    /// Offset of the first unread byte.
    @inlinable public var start: Int { head }
    /// Offset behind the last byte.
    @inlinable public var end: Int { tail }
    /// How many bytes wait to be read.
    @inlinable public var count: Int { tail - head }
    /// Nothing waits to be read.
    @inlinable public var isEmpty: Bool { head == tail }
    /// How many bytes fit behind `end`.
    @inlinable public var room: Int { capacity - tail }
    /// An append did not fit since the last `clear()`.
    @inlinable public var overflowed: Bool { overflow }

    /// Forgets all bytes.
    @inlinable public func clear() {
        head = 0
        tail = 0
        overflow = false
    }

    /// Empties the buffer and leaves `headroom` bytes free in front, for a head that is written later.
    @inlinable public func clear(headroom: Int) {
        clear()
        let start = min(max(0, headroom), capacity)
        head = start
        tail = start
    }

    /// Drops bytes at the front, which must be there.
    @inlinable public func consume(_ count: Int) {
        precondition(count >= 0 && count <= self.count, "consumed more than there is")
        head += count
    }

    /// Drops bytes at the end.
    @inlinable public func truncate(to end: Int) {
        precondition(end >= head && end <= tail, "truncated outside the bytes")
        tail = end
    }

    /// Moves the unread bytes to the front, so that `room` grows.
    public func compact() {
        guard head > 0 else { return }
        unsafe base.copyMemory(from: base + head, byteCount: count)
        tail -= head
        head = 0
    }

    /// The unread bytes.
    @inlinable public var unread: UnsafeBufferPointer<UInt8> {
        // Safe: start and count lie inside the block; bytes need no alignment.
        unsafe UnsafeBufferPointer(start: (base + head).assumingMemoryBound(to: UInt8.self), count: count)
    }

    /// The bytes at absolute offsets, such as a parser noted them while they were unread.
    @inlinable public func bytes(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
        precondition(range.lowerBound >= 0 && range.upperBound <= tail, "outside the buffer")
        return unsafe UnsafeBufferPointer(
            start: (base + range.lowerBound).assumingMemoryBound(to: UInt8.self), count: range.count)
    }

    /// The free space behind `end`, for a system call to fill; then `commit` what it wrote.
    @inlinable public var free: UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(start: base + tail, count: room)
    }

    /// Counts the bytes that a system call wrote into `free`.
    @inlinable public func commit(_ count: Int) {
        precondition(count >= 0 && count <= room, "committed more than fits")
        tail += count
    }

    /// Copies bytes behind the last one; all of them or, when they do not fit, none.
    @inlinable public func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        let count = bytes.count
        guard count <= room else {
            overflow = true
            return
        }
        if let source = bytes.baseAddress {
            unsafe (base + tail).copyMemory(from: source, byteCount: count)
            tail += count
        }
    }

    /// Adds one byte behind the last one.
    @inlinable public func append(_ byte: UInt8) {
        guard room >= 1 else {
            overflow = true
            return
        }
        unsafe (base + tail).storeBytes(of: byte, as: UInt8.self)
        tail += 1
    }

    /// Puts bytes in front of the unread ones; false when the headroom is too small.
    @inlinable public func prepend(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let count = bytes.count
        guard count <= head else { return false }
        if let source = bytes.baseAddress {
            unsafe (base + (head - count)).copyMemory(from: source, byteCount: count)
            head -= count
        }
        return true
    }
}
