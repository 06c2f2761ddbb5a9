package import AyaCore

/// A place in a buffer's free space where a line is being written.
///
/// A line is about a hundred small appends. Through the buffer, each would load and store the object's fields; a value
/// keeps them in registers, and what does not fit is noted once.
// Safe: made from a buffer's free space and gone before that is touched otherwise; every append is checked against
// `limit`.
@safe package struct LineCursor: ByteSink {
    private let base: UnsafeMutableRawPointer
    private let limit: Int
    package private(set) var count = 0
    /// Something did not fit; what is there is no whole line.
    package private(set) var isOverflowed = false

    package init(_ buffer: Buffer) {
        let free = unsafe buffer.free
        // Safe: a buffer's memory has an address.
        unsafe base = free.baseAddress.unsafelyUnwrapped
        limit = free.count
    }

    /// A place for so many bytes; nil when there is not enough.
    @inline(__always) private mutating func place(for size: Int) -> UnsafeMutableRawPointer? {
        guard size <= limit &- count else {
            isOverflowed = true
            return nil
        }
        return unsafe base + count
    }

    @inline(__always) private mutating func store<Word: BitwiseCopyable>(_ word: Word, keeping size: Int) {
        guard let place = unsafe place(for: MemoryLayout<Word>.size) else { return }
        unsafe place.storeBytes(of: word, as: Word.self)
        count &+= size
    }

    @inline(__always) package mutating func append(_ byte: UInt8) { store(byte, keeping: 1) }

    @inline(__always) package mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress, let place = unsafe place(for: bytes.count) else { return }
        unsafe place.copyText(from: start, count: bytes.count)
        count &+= bytes.count
    }

    package mutating func append(_ text: StaticString) {
        unsafe append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Copies bytes as long as all of them are plain; false, and nothing of them, when one is not or they do not fit.
    ///
    /// - Parameter isPlain: whether eight bytes may stand as they are.
    @inline(__always)
    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, while isPlain: (UInt64) -> Bool) -> Bool {
        guard let start = bytes.baseAddress else { return true }
        let (from, to, size) = unsafe (UnsafeRawPointer(start), base + count, bytes.count)
        guard size <= limit &- count else { return false }
        if size >= 8 {
            let last = size &- 8
            var offset = 0
            while true {
                // The last eight, of which some may have been looked at.
                if offset > last { offset = last }
                let word = unsafe from.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                guard isPlain(word) else { return false }
                unsafe to.storeBytes(of: word, toByteOffset: offset, as: UInt64.self)
                if offset == last { break }
                offset &+= 8
            }
        } else if size >= 4 {
            let first = unsafe from.loadUnaligned(as: UInt32.self)
            let last = unsafe from.loadUnaligned(fromByteOffset: size &- 4, as: UInt32.self)
            guard isPlain(UInt64(first) | UInt64(last) << 32) else { return false }
            unsafe to.storeBytes(of: first, as: UInt32.self)
            unsafe to.storeBytes(of: last, toByteOffset: size &- 4, as: UInt32.self)
        } else if size > 0 {
            let first = unsafe from.load(as: UInt8.self)
            let middle = unsafe from.load(fromByteOffset: size >> 1, as: UInt8.self)
            let last = unsafe from.load(fromByteOffset: size &- 1, as: UInt8.self)
            guard isPlain(0x2020_2020_2000_0000 | UInt64(last) << 16 | UInt64(middle) << 8 | UInt64(first)) else {
                return false
            }
            unsafe to.storeBytes(of: first, as: UInt8.self)
            unsafe to.storeBytes(of: middle, toByteOffset: size >> 1, as: UInt8.self)
            unsafe to.storeBytes(of: last, toByteOffset: size &- 1, as: UInt8.self)
        }
        count &+= size
        return true
    }

    @inline(__always) package mutating func append(decimal value: UInt64) {
        if value < 10 { append(48 &+ UInt8(truncatingIfNeeded: value)) } else { append(longDecimal: value) }
    }

    private mutating func append(longDecimal value: UInt64) {
        guard value >= 10_000 else {
            let zeros = value >= 1_000 ? 0 : value >= 100 ? 1 : value >= 10 ? 2 : 3
            return store(
                (Digits.four(value) >> UInt32(truncatingIfNeeded: zeros &* 8)).littleEndian, keeping: 4 &- zeros)
        }
        append(decimal: value / 10_000)
        append(fourDigits: value % 10_000)
    }

    /// An IPv4 address. Each part's digits and the dot behind them are stored at once, up to the last, whose dot is not
    /// kept.
    mutating func append(dotted bits: UInt32) {
        var shift: UInt32 = 32
        while shift > 0 {
            shift &-= 8
            let part = UInt64(bits >> shift & 255)
            let zeros = part >= 100 ? 1 : part >= 10 ? 2 : 3
            let digits = UInt64(Digits.four(part)) >> UInt64(truncatingIfNeeded: zeros &* 8)
            let size = 4 &- zeros
            let dot = UInt64(UInt8(ascii: ".")) << UInt64(truncatingIfNeeded: size &* 8)
            store((digits | dot).littleEndian, keeping: shift > 0 ? size &+ 1 : size)
        }
    }

    /// With zeros in front; below 10,000.
    @inline(__always) mutating func append(fourDigits value: UInt64) {
        store(Digits.four(value).littleEndian, keeping: 4)
    }

    /// With a zero in front; below 100.
    @inline(__always) mutating func append(twoDigits value: UInt64) {
        store(Digits.two(value).littleEndian, keeping: 2)
    }

    @inline(__always) package mutating func append(hexadecimal value: UInt64) {
        store(Digits.hexadecimal(UInt32(truncatingIfNeeded: value >> 32)).littleEndian, keeping: 8)
        store(Digits.hexadecimal(UInt32(truncatingIfNeeded: value)).littleEndian, keeping: 8)
    }

    /// The bytes are the buffer's from now on, or not if they are no whole line.
    package func finish(_ buffer: Buffer) -> Bool {
        guard !isOverflowed else { return false }
        buffer.commit(count)
        return true
    }
}
