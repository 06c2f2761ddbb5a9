/// The dynamic table of one direction of a connection (RFC 7541 section 2.3.2).
///
/// Names and values lie one behind the other in one block, oldest first, twice the table's size so that moving the
/// living ones back to its front is rare. Nothing is allocated until the first entry, and nothing after it.
@safe package final class DynamicTable {
    package struct Entry {
        var start: UInt32
        var nameCount: UInt32
        var valueCount: UInt32
        var hash: UInt32

        var name: Range<Int> { Int(start)..<Int(start &+ nameCount) }
        var value: Range<Int> { Int(start &+ nameCount)..<Int(start &+ nameCount &+ valueCount) }
        /// RFC 7541 section 4.1.
        var size: Int { Int(nameCount &+ valueCount) &+ 32 }
        var end: Int { Int(start &+ nameCount &+ valueCount) }
    }

    // Safe: `text` holds `2 * ceiling` bytes and `entries` `ring` of them from the first insertion to deinit; each
    // access is masked or checked.
    private var text: UnsafeMutablePointer<UInt8>?
    private var entries: UnsafeMutablePointer<Entry>?
    private let ring: Int
    private var newest = 0
    private var textEnd = 0
    package private(set) var count = 0
    package private(set) var size = 0
    /// The most that the table may hold now.
    package private(set) var limit: Int
    /// The most that the limit may be.
    package let ceiling: Int

    package init(ceiling: Int) {
        self.ceiling = ceiling
        limit = ceiling
        var ring = 1
        while ring < ceiling / 32 + 1 { ring *= 2 }
        self.ring = ring
    }

    deinit {
        unsafe text?.deallocate()
        unsafe entries?.deallocate()
    }

    /// Evicts what does not fit any more (section 4.3).
    package func resize(to limit: Int) {
        self.limit = max(0, min(limit, ceiling))
        evict(until: self.limit)
    }

    /// The entry that came so many insertions ago; nil when it is gone.
    @inline(__always)
    func entry(_ age: Int) -> Entry? {
        guard age >= 0, age < count, let entries = unsafe entries else { return nil }
        return unsafe entries[(newest &- age) & (ring &- 1)]
    }

    /// Valid until the next insertion.
    @inline(__always)
    func bytes(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
        guard let text = unsafe text, range.upperBound <= 2 * ceiling else {
            return unsafe UnsafeBufferPointer(start: nil, count: 0)
        }
        return unsafe UnsafeBufferPointer(start: text + range.lowerBound, count: range.count)
    }

    /// The age of the newest entry with this hash for which `isSame` holds; -1 for none.
    @inline(__always)
    func find(_ hash: UInt32, where isSame: (Entry) -> Bool) -> Int {
        guard let entries = unsafe entries else { return -1 }
        var age = 0
        while age < count {
            let entry = unsafe entries[(newest &- age) & (ring &- 1)]
            if entry.hash == hash, isSame(entry) { return age }
            age &+= 1
        }
        return -1
    }

    /// Section 4.4: an entry larger than the table empties it. The bytes must not lie in the table.
    func insert(name: Span<UInt8>, value: Span<UInt8>, hash: UInt32 = 0) {
        let needed = name.count &+ value.count &+ 32
        evict(until: limit &- needed)
        guard needed <= limit else { return }
        if unsafe text == nil {
            unsafe text = .allocate(capacity: 2 * ceiling)
            unsafe entries = .allocate(capacity: ring)
        }
        guard let text = unsafe text, let entries = unsafe entries else { return }
        if textEnd &+ name.count &+ value.count > 2 * ceiling { unsafe moveToFront(text, entries) }
        // Safe: the living bytes are at most `limit`, and behind them is room for as many again.
        unsafe name.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { unsafe (text + textEnd).update(from: base, count: source.count) }
        }
        unsafe value.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress else { return }
            unsafe (text + textEnd + name.count).update(from: base, count: source.count)
        }
        newest = (newest &+ 1) & (ring &- 1)
        unsafe entries[newest] = Entry(
            start: UInt32(truncatingIfNeeded: textEnd), nameCount: UInt32(truncatingIfNeeded: name.count),
            valueCount: UInt32(truncatingIfNeeded: value.count), hash: hash)
        textEnd &+= name.count &+ value.count
        count &+= 1
        size &+= needed
    }

    private func evict(until limit: Int) {
        while count > 0, size > max(0, limit), let oldest = entry(count &- 1) {
            size &-= oldest.size
            count &-= 1
        }
        if count == 0 { textEnd = 0 }
    }

    private func moveToFront(_ text: UnsafeMutablePointer<UInt8>, _ entries: UnsafeMutablePointer<Entry>) {
        guard let oldest = entry(count &- 1) else {
            textEnd = 0
            return
        }
        let shift = Int(oldest.start)
        unsafe text.update(from: text + shift, count: textEnd &- shift)
        for age in 0..<count {
            unsafe entries[(newest &- age) & (ring &- 1)].start &-= UInt32(truncatingIfNeeded: shift)
        }
        textEnd &-= shift
    }
}
