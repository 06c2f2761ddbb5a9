package import AyaCore

/// Field lines, written piece by piece into a buffer.
extension Buffer {
    package func appendField(name: StaticString, value: StaticString) {
        append(name)
        append(": ")
        append(value)
        append("\r\n")
    }

    package func appendField(name: StaticString, value: UInt64) {
        append(name)
        append(": ")
        append(decimal: value)
        append("\r\n")
    }

    package func appendField(name: StaticString, value: Span<UInt8>) {
        append(name)
        append(": ")
        append(value)
        append("\r\n")
    }

    package func appendField(name: Span<UInt8>, value: Span<UInt8>) {
        append(name)
        append(": ")
        append(value)
        append("\r\n")
    }

    package func append(_ bytes: Span<UInt8>) {
        // Safe: the pointer does not leave the closure.
        unsafe bytes.withUnsafeBufferPointer { unsafe append($0) }
    }
}
