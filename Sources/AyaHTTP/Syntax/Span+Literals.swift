extension Span where Element == UInt8 {
    /// Whether the literal stands at `start`. Loads are checked against the span, so a literal that reaches beyond it
    /// must not be asked for: callers compare lengths first.
    ///
    /// Inlined with a literal the loops unroll and its words become constants. For lengths that are no multiple of
    /// eight the last load overlaps the one before instead of running byte by byte.
    @inline(__always)
    func matches(_ literal: StaticString, at start: Int, ignoringCase: Bool) -> Bool {
        let count = literal.utf8CodeUnitCount
        if count >= 8 {
            var offset = 0
            while offset &+ 8 <= count {
                if differs(literal, at: start, offset, as: UInt64.self, ignoringCase) { return false }
                offset &+= 8
            }
            return offset == count || !differs(literal, at: start, count &- 8, as: UInt64.self, ignoringCase)
        }
        if count >= 4 {
            return !differs(literal, at: start, 0, as: UInt32.self, ignoringCase)
                && !differs(literal, at: start, count &- 4, as: UInt32.self, ignoringCase)
        }
        if count >= 2 {
            return !differs(literal, at: start, 0, as: UInt16.self, ignoringCase)
                && !differs(literal, at: start, count &- 2, as: UInt16.self, ignoringCase)
        }
        return count == 0 || !differs(literal, at: start, 0, as: UInt8.self, ignoringCase)
    }

    @inline(__always)
    private func differs<Word: FixedWidthInteger & BitwiseCopyable>(
        _ literal: StaticString, at start: Int, _ offset: Int, as: Word.Type, _ ignoringCase: Bool
    ) -> Bool {
        // Safe: callers keep offset + size within the literal; the load from the span is bounds-checked, and every bit
        // pattern is a number.
        let expected = unsafe UnsafeRawPointer(literal.utf8Start).loadUnaligned(fromByteOffset: offset, as: Word.self)
        let found = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: start &+ offset, as: Word.self)
        if !ignoringCase { return found != expected }
        // Literals are in lower case. Only letters may differ, and only in the bit of their case: folding `-` (0x2d)
        // too would take a carriage return (0x0d) for it.
        let letters = expected & Word(truncatingIfNeeded: 0x4040_4040_4040_4040 as UInt64)
        return (found ^ expected) & ~(letters >> 1) != 0
    }

    /// Whether the whole span is the literal (in lower case), ignoring the case of ASCII letters.
    @inlinable package func equalsIgnoringCase(_ literal: StaticString) -> Bool {
        guard count == literal.utf8CodeUnitCount else { return false }
        for index in 0..<count {
            let expected = unsafe literal.utf8Start[index]
            let letter = expected & 0x40
            if (self[index] ^ expected) & ~(letter >> 1) != 0 { return false }
        }
        return true
    }

    /// Whether two spans are equal, ignoring the case of ASCII letters.
    @inlinable package func equalsIgnoringCase(_ other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in 0..<count where self[index].asciiLowercased != other[index].asciiLowercased { return false }
        return true
    }
}

extension UInt8 {
    @inlinable package var asciiLowercased: UInt8 { self &- 65 < 26 ? self | 0x20 : self }
    @inlinable package var isASCIIDigit: Bool { self &- 48 < 10 }

    /// The value of a hexadecimal digit.
    @inlinable package var hexadecimalValue: UInt8? {
        if self &- 48 < 10 { return self &- 48 }
        let folded = self | 0x20
        return folded &- 97 < 6 ? folded &- 87 : nil
    }
}
