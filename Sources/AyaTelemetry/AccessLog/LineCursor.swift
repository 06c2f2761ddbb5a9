package import AyaCore

/// A place in a buffer's free space where a line is being written.
///
/// A line is about a hundred small appends. Through the buffer, each would load and store the object's fields; a value
/// keeps them in registers, and what does not fit is noted once.
// Safe: made from a buffer's free space and gone before that is touched otherwise; every append is checked against
// `limit`.
@safe package struct LineCursor: ByteSink {
    private let base: UnsafeMutableRawPointer?
    private let limit: Int
    package private(set) var count = 0
    /// Something did not fit; what is there is no whole line.
    package private(set) var isOverflowed = false

    package init(_ buffer: Buffer) {
        let free = unsafe buffer.free
        unsafe base = free.baseAddress
        limit = free.count
    }

    /// Space for some bytes, which are then there; nil when there is not enough.
    @inline(__always) private mutating func take(_ size: Int) -> UnsafeMutableRawPointer? {
        guard let base = unsafe base, size <= limit &- count else {
            isOverflowed = true
            return nil
        }
        defer { count &+= size }
        return unsafe base + count
    }

    @inline(__always) package mutating func append(_ byte: UInt8) {
        if let place = unsafe take(1) { unsafe place.storeBytes(of: byte, as: UInt8.self) }
    }

    @inline(__always) package mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let source = bytes.baseAddress, let place = unsafe take(bytes.count) else { return }
        unsafe place.copyMemory(from: source, byteCount: bytes.count)
    }

    package mutating func append(_ text: StaticString) {
        unsafe append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    package mutating func append(decimal value: UInt64) {
        var digits = 1
        var power: UInt64 = 10
        while value >= power, digits < 20 {
            digits &+= 1
            // Past the last power of ten in 64 bits, nothing is smaller.
            let (next, overflow) = power.multipliedReportingOverflow(by: 10)
            power = overflow ? .max : next
        }
        append(value, digits: digits)
    }

    /// A number in so many digits, with zeros in front.
    package mutating func append(_ value: UInt64, digits: Int) {
        guard let place = unsafe take(digits) else { return }
        var rest = value
        var index = digits
        while index > 0 {
            index &-= 1
            unsafe place.storeBytes(of: 48 &+ UInt8(truncatingIfNeeded: rest % 10), toByteOffset: index, as: UInt8.self)
            rest /= 10
        }
    }

    /// The bytes are the buffer's from now on, or not if they are no whole line.
    package func finish(_ buffer: Buffer) -> Bool {
        guard !isOverflowed else { return false }
        buffer.commit(count)
        return true
    }
}
