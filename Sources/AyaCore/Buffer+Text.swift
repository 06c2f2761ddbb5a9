extension Buffer {
    /// Appends a literal without building a `String`.
    @inlinable package func append(_ text: StaticString) {
        unsafe append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    package func append(_ text: String) {
        var text = text
        text.withUTF8 { unsafe append($0) }
    }

    package func append(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append($0) }
    }

    /// Appends a number in decimal digits.
    package func append(decimal value: UInt64) {
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
    package func append(hexadecimal value: UInt64) {
        var shift: UInt64 = 64
        while shift > 0 {
            shift -= 4
            let nibble = UInt8(truncatingIfNeeded: value >> shift & 15)
            append(nibble < 10 ? 48 &+ nibble : 87 &+ nibble)
        }
    }
}
