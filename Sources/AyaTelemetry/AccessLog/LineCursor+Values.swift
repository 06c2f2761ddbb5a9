internal import AyaCore

/// The values of records as text.
extension LineCursor {
    package mutating func append(_ bytes: [UInt8]) { unsafe bytes.withUnsafeBufferPointer { unsafe append($0) } }

    package mutating func append(text: String) {
        var text = text
        text.withUTF8 { unsafe append($0) }
    }

    /// Microseconds are as exact as the clock is read.
    package mutating func append(seconds nanoseconds: Int64) {
        let microseconds = UInt64(truncatingIfNeeded: max(0, nanoseconds)) / 1_000
        let seconds = microseconds / 1_000_000
        append(decimal: seconds)
        append(UInt8(ascii: "."))
        let fraction = microseconds &- seconds &* 1_000_000
        append(twoDigits: fraction / 10_000)
        append(fourDigits: fraction % 10_000)
    }

    mutating func append(_ address: IPAddress) {
        guard case .v4 = address.family else { return unsafe IPAddressText(address).withBytes { unsafe append($0) } }
        append(dotted: UInt32(truncatingIfNeeded: address.low))
    }

    /// A value that needs no escape in any form.
    @inline(__always) package mutating func append(plain value: AccessValue) {
        switch value {
        case .word(let word): append(word)
        case .droppedStatus(let status):
            append("status_")
            append(decimal: UInt64(status))
        case .address(let address): append(address)
        case .identifier(let number): append(hexadecimal: number)
        case .longIdentifier(let high, let low):
            append(hexadecimal: high)
            append(hexadecimal: low)
        case .nothing, .text, .number, .flag, .time, .duration: break
        }
    }

    /// Bytes of strangers in a line of text: quotes, backslashes and whatever is no printable ASCII become `\xHH`, as
    /// Apache and nginx write them.
    package mutating func append(escaped bytes: UnsafeBufferPointer<UInt8>) {
        if unsafe append(bytes, while: { JSONEscape.isPlain($0) && !Self.hasDelete($0) }) { return }
        var start = 0
        for index in bytes.indices {
            let byte = unsafe bytes[index]
            if byte >= 0x20, byte < 0x7f, byte != 0x22, byte != 0x5c { continue }
            unsafe append(UnsafeBufferPointer(rebasing: bytes[start..<index]))
            append("\\x")
            append(Self.digit(byte >> 4))
            append(Self.digit(byte & 15))
            start = index + 1
        }
        unsafe append(UnsafeBufferPointer(rebasing: bytes[start...]))
    }

    /// A byte of 0x7f, which JSON leaves as it is, among eight that are below 0x80.
    private static func hasDelete(_ word: UInt64) -> Bool {
        (word &+ 0x0101_0101_0101_0101) & 0x8080_8080_8080_8080 != 0
    }

    /// The inside of a string of JSON.
    @inline(__always) package mutating func append(escapedJSON bytes: UnsafeBufferPointer<UInt8>) {
        if unsafe append(bytes, while: JSONEscape.isPlain) { return }
        unsafe JSONEscape.append(bytes, to: &self)
    }

    private static func digit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 48 &+ nibble : 55 &+ nibble }
}
