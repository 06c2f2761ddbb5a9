package import AyaCore
internal import CAyaSystem

/// Datagrams of one turn: received into its memory and sent from there.
///
/// Each reception is given room for the largest datagrams there can be.
@safe package final class DatagramBatch {
    /// The largest datagram, or train of equal datagrams that the kernel hands over as one.
    /// An odd number of cache lines, so that neighbours in a reception do not compete for the same few.
    package static let largestDatagram = 65_600
    /// Slots a batch has.
    package static let slotCount = Int(AYA_DATAGRAM_BATCH)

    // Safe: both blocks live from init to deinit; slots point into `memory` with lengths that end inside it.
    private let memory: UnsafeMutableRawPointer
    private let slots: UnsafeMutablePointer<aya_datagram>
    private let capacity: Int
    private let isPacked: Bool
    private var top = 0
    /// Filled slots.
    package private(set) var count = 0

    /// `reach`: how many of the largest datagrams fit at once. `isPacked`: datagrams are moved up behind each other, so
    /// that many receptions fit and equal neighbours can become a train.
    package init(reach: Int, isPacked: Bool) {
        self.isPacked = isPacked
        capacity = reach * Self.largestDatagram
        unsafe memory = .allocate(byteCount: capacity, alignment: 64)
        unsafe slots = .allocate(capacity: Self.slotCount)
        unsafe slots.initialize(repeating: aya_datagram(), count: Self.slotCount)
    }

    deinit {
        unsafe slots.deallocate()
        unsafe memory.deallocate()
    }

    /// Whether one more reception of `limit` datagrams fits.
    package func hasRoom(for limit: Int) -> Bool {
        count + limit <= Self.slotCount && capacity - top >= limit * Self.largestDatagram
    }

    package func clear() {
        count = 0
        top = 0
    }

    // MARK: what the socket fills and sends

    func freeSlots(_ limit: Int) -> UnsafeMutableBufferPointer<aya_datagram> {
        let fitting = min(limit, Self.slotCount - count, (capacity - top) / Self.largestDatagram)
        for index in 0..<max(0, fitting) {
            let slot = unsafe slots + (count + index)
            unsafe slot.pointee.bytes = unsafe memory + (top + index * Self.largestDatagram)
            unsafe slot.pointee.length = UInt32(Self.largestDatagram)
        }
        return unsafe UnsafeMutableBufferPointer(start: fitting > 0 ? slots + count : nil, count: max(0, fitting))
    }

    /// Takes in what a reception has filled.
    func commit(_ filled: Int) {
        for index in count..<count + filled {
            let slot = unsafe slots + index
            let length = unsafe slot.pointee.length == .max ? 0 : Int(slot.pointee.length)
            if isPacked, let bytes = unsafe slot.pointee.bytes, unsafe bytes != memory + top {
                unsafe (memory + top).copyMemory(from: bytes, byteCount: length)
                unsafe slot.pointee.bytes = unsafe memory + top
            }
            top += isPacked ? length : Self.largestDatagram
        }
        count += filled
    }

    func filledSlots(_ range: Range<Int>) -> UnsafeBufferPointer<aya_datagram> {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "no such datagrams")
        return unsafe UnsafeBufferPointer(start: slots + range.lowerBound, count: range.count)
    }

    // MARK: one slot

    package func length(_ index: Int) -> Int { unsafe Int(slot(index).pointee.length) }

    /// The datagram was larger than its room and is cut.
    package func isTruncated(_ index: Int) -> Bool { unsafe slot(index).pointee.length == .max }

    /// How many datagrams the slot holds: more than one when the kernel handed over a train.
    package func datagrams(_ index: Int) -> Int {
        let (length, segment) = unsafe (slot(index).pointee.length, slot(index).pointee.segment)
        return segment > 0 && segment < length ? Int((length - 1) / segment) + 1 : 1
    }

    package func peer(_ index: Int) -> SocketAddress? { unsafe SocketAddress(slot(index).pointee.peer) }
    /// The address of ours that the datagram came to, where that is asked for.
    package func local(_ index: Int) -> SocketAddress? { unsafe SocketAddress(slot(index).pointee.local) }

    /// Names the receiver of the datagram, and the address of ours it shall come from.
    package func direct(_ index: Int, to peer: SocketAddress, from local: SocketAddress?) {
        unsafe slot(index).pointee.peer = peer.raw
        unsafe slot(index).pointee.local = local?.raw ?? aya_address()
    }

    /// Whether two slots have the same peer.
    package func samePeer(_ left: Int, _ right: Int) -> Bool {
        let (a, b) = unsafe (slot(left).pointee.peer, slot(right).pointee.peer)
        return a.low == b.low && a.port == b.port && a.high == b.high && a.family == b.family
    }

    /// Joins the slots from `start` on, each with the one before it, where both go to one peer, lie behind each other
    /// and differ in size at most at the end: such a train costs the kernel hardly more than one datagram.
    package func joinTrains(from start: Int) {
        guard count > 0 else { return }
        var last = max(0, start - 1)
        for index in last + 1..<max(last + 1, count) {
            if index >= start, joins(index, to: last) {
                let (train, wagon) = unsafe (slots + last, slots + index)
                if unsafe train.pointee.segment == 0 { unsafe train.pointee.segment = unsafe train.pointee.length }
                unsafe train.pointee.length += unsafe wagon.pointee.length
            } else {
                last += 1
                if last != index { unsafe slots[last] = unsafe slots[index] }
            }
        }
        count = last + 1
    }

    /// The kernel takes 64 datagrams a train (UDP_MAX_SEGMENTS), and no more bytes than one datagram may have.
    private func joins(_ index: Int, to last: Int) -> Bool {
        let (trainLength, trainSegment) = unsafe (slots[last].length, slots[last].segment)
        let (length, segment) = unsafe (slots[index].length, slots[index].segment)
        let size = trainSegment > 0 ? trainSegment : trainLength
        guard size > 0, trainLength % size == 0, segment == 0, length > 0, length <= size,
            trainLength + length <= 65_000, trainLength / size < 64,
            unsafe slots[index].bytes - slots[last].bytes == Int(trainLength)
        else { return false }
        return samePeer(last, index)
    }

    /// One datagram of a train, for paths that take no trains.
    func wagon(_ index: Int, _ number: Int) -> aya_datagram {
        var single = unsafe slot(index).pointee
        let size = unsafe max(1, single.segment)
        let offset = UInt32(number) * size
        unsafe single.bytes = unsafe single.bytes.map { unsafe $0 + Int(offset) }
        unsafe single.length = unsafe min(size, single.length - offset)
        unsafe single.segment = 0
        return unsafe single
    }

    private func slot(_ index: Int) -> UnsafeMutablePointer<aya_datagram> {
        precondition(index >= 0 && index < count, "no such datagram")
        return unsafe slots + index
    }
}
