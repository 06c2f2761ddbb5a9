extension Buffer {
    /// Appends a literal without building a `String`.
    @inlinable public func append(_ text: StaticString) {
        unsafe append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Labelled, so that a literal is taken for a `StaticString` and never built as a `String`.
    public func append(text: String) {
        var text = text
        text.withUTF8 { unsafe append($0) }
    }

    /// Copies bytes behind the last one.
    public func append(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append($0) }
    }

    /// Appends a number in decimal digits.
    public func append(decimal value: UInt64) {
        var value = value
        // Twenty digits are enough for 64 bits; they come out last first.
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var first = 20
        repeat {
            first -= 1
            digits[first] = 48 &+ UInt8(truncatingIfNeeded: value % 10)
            value /= 10
        } while value > 0
        for index in first..<20 { append(digits[index]) }
    }

    /// Appends sixteen lower-case hexadecimal digits.
    public func append(hexadecimal value: UInt64) {
        guard room >= 16 else {
            overflow = true
            return
        }
        let high = Digits.hexadecimal(UInt32(truncatingIfNeeded: value >> 32))
        let low = Digits.hexadecimal(UInt32(truncatingIfNeeded: value))
        unsafe (base + tail).storeBytes(of: high.littleEndian, as: UInt64.self)
        unsafe (base + tail + 8).storeBytes(of: low.littleEndian, as: UInt64.self)
        tail += 16
    }
}
