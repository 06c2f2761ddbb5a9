package import AyaCore
package import AyaReactor
internal import CAyaSystem
internal import Glibc
internal import Synchronization

/// Which client belongs to which server, for clients that are known by an address, a header or a value: one table for
/// all workers, of fixed size.
///
/// Sixteen bytes a client, in buckets of two cache lines. A client's hash names two buckets, and it goes into the
/// emptier one; when both are full, it takes the place of the one among their sixteen that was seen longest ago. So
/// nothing is ever moved or grown, and no list keeps an order. The table is cut into parts with a lock each, which is
/// held for a few dozen instructions.
@safe package final class PersistenceTable: @unchecked Sendable {
    /// Servers are known by number, which stay the same when the configuration changes.
    package typealias ServerNumber = UInt32

    private struct Entry {
        /// The client's hash.
        var key: UInt64
        var server: ServerNumber
        /// In seconds; 0 for a place that is free.
        var seen: UInt32
    }

    // Safe: the pointers never change; entries are read and written under their part's lock alone.
    private let entries: UnsafeMutablePointer<Entry>
    private let locks: UnsafeMutablePointer<Mutex<Void>>
    private let partCount: Int
    private let bucketsPerPart: Int
    private let timeToLive: Int32
    private let hashKey: SipHash.Key
    private let numbers = Mutex<[String: ServerNumber]>([:])

    private static let bucketSize = 8
    /// Locks lie on cache lines of their own.
    private static let lockStride = 16

    /// For about so many clients, each remembered for so long after it was last seen.
    ///
    /// Throws when there is no memory for them.
    package init(entries count: Int, timeToLive: Duration) throws(SystemError) {
        // A quarter more places than asked for, so that so many find one before both their buckets are full.
        let buckets = max(1, (count + count / 4) / Self.bucketSize + 1)
        partCount = max(1, min(64, buckets / 16))
        bucketsPerPart = (buckets + partCount - 1) / partCount
        self.timeToLive = Int32(clamping: max(1, timeToLive.components.seconds))
        hashKey = SipHash.Key(low: aya_random_seed(), high: aya_random_seed())
        // Memory that nothing was written to costs nothing, and zeros are free places.
        let size = partCount * bucketsPerPart * Self.bucketSize
        guard let memory = unsafe calloc(size, MemoryLayout<Entry>.stride) else {
            throw SystemError(code: ENOMEM)
        }
        unsafe entries = memory.bindMemory(to: Entry.self, capacity: size)
        unsafe locks = .allocate(capacity: partCount * Self.lockStride)
        for part in 0..<partCount { unsafe (locks + part * Self.lockStride).initialize(to: Mutex(())) }
    }

    deinit {
        for part in 0..<partCount { unsafe (locks + part * Self.lockStride).deinitialize(count: 1) }
        unsafe locks.deallocate()
        unsafe free(entries)
    }

    /// What all places take together.
    package var byteCount: Int { partCount * bucketsPerPart * Self.bucketSize * MemoryLayout<Entry>.stride }

    /// The number of a server, by a name that outlasts changes of the configuration.
    package func number(of server: String) -> ServerNumber {
        numbers.withLock { numbers in
            if let known = numbers[server] { return known }
            let number = ServerNumber(truncatingIfNeeded: numbers.count)
            numbers[server] = number
            return number
        }
    }

    /// What stands for a client that is known by some bytes.
    package func key(_ bytes: Span<UInt8>) -> UInt64 { SipHash.hash(bytes, hashKey) }

    /// What stands for a client that is known by its address.
    package func key(_ address: IPAddress) -> UInt64 {
        let address = address.unmapped
        return SipHash.hash128(address.high, address.low, hashKey).0
    }

    /// The client's server, if it has one; it has been seen now.
    package func find(_ key: UInt64, now: Instant) -> ServerNumber? {
        let now = Self.seconds(now)
        return withBuckets(key) { first, second in
            guard let place = find(key, first, second, now) else { return nil }
            unsafe entries[place].seen = now
            return unsafe entries[place].server
        }
    }

    /// From now on this is the client's server.
    package func remember(_ key: UInt64, _ server: ServerNumber, now: Instant) {
        let now = Self.seconds(now)
        withBuckets(key) { first, second in
            let place = find(key, first, second, now) ?? freePlace(first, second, now)
            unsafe entries[place] = Entry(key: key, server: server, seen: now)
        }
    }

    private static func seconds(_ now: Instant) -> UInt32 {
        UInt32(truncatingIfNeeded: now.nanoseconds / 1_000_000_000 &+ 1)
    }

    /// Runs with the places where the client's two buckets begin, under the lock of its part.
    private func withBuckets<Result>(_ key: UInt64, _ body: (Int, Int) -> Result) -> Result {
        // Different bits of the hash choose the part and the two buckets in it.
        let part = Int(truncatingIfNeeded: ((key >> 58) &* UInt64(partCount)) >> 6)
        let first = Self.bucket(key & 0xffff_ffff, of: bucketsPerPart)
        let second = Self.bucket(key >> 26 & 0xffff_ffff, of: bucketsPerPart)
        let base = part &* bucketsPerPart
        return unsafe (locks + part &* Self.lockStride).pointee.withLock { _ in
            body((base &+ first) &* Self.bucketSize, (base &+ second) &* Self.bucketSize)
        }
    }

    private static func bucket(_ bits: UInt64, of count: Int) -> Int {
        Int(truncatingIfNeeded: (bits &* UInt64(count)) >> 32)
    }

    private func find(_ key: UInt64, _ first: Int, _ second: Int, _ now: UInt32) -> Int? {
        find(key, in: first, now) ?? find(key, in: second, now)
    }

    private func find(_ key: UInt64, in bucket: Int, _ now: UInt32) -> Int? {
        for place in bucket..<bucket &+ Self.bucketSize {
            if unsafe entries[place].key == key, isLive(place, now) { return place }
        }
        return nil
    }

    private func isLive(_ place: Int, _ now: UInt32) -> Bool {
        unsafe entries[place].seen != 0 && age(place, now) <= timeToLive
    }

    /// Less than zero when another worker's clock, read once a turn, is ahead.
    private func age(_ place: Int, _ now: UInt32) -> Int32 {
        unsafe Int32(bitPattern: now &- entries[place].seen)
    }

    /// A free place in the emptier bucket, or the one that was seen longest ago.
    private func freePlace(_ first: Int, _ second: Int, _ now: UInt32) -> Int {
        let one = survey(first, now)
        let two = survey(second, now)
        if one.free == 0, two.free == 0 {
            return age(one.oldest, now) >= age(two.oldest, now) ? one.oldest : two.oldest
        }
        return one.free >= two.free ? one.place : two.place
    }

    private func survey(_ bucket: Int, _ now: UInt32) -> (free: Int, place: Int, oldest: Int) {
        var (free, place, oldest) = (0, bucket, bucket)
        for candidate in bucket..<bucket &+ Self.bucketSize {
            if !isLive(candidate, now) {
                free &+= 1
                place = candidate
            } else if age(candidate, now) > age(oldest, now) {
                oldest = candidate
            }
        }
        return (free, place, oldest)
    }
}
