package import AyaCore

extension Buffer {
    /// The inside of a JSON string (RFC 8259 section 7).
    package func appendJSON(_ text: String) {
        for byte in text.utf8 { appendJSON(utf8: byte) }
    }

    package func appendJSON(_ text: StaticString) {
        text.withUTF8Buffer { bytes in unsafe bytes.forEach { appendJSON(utf8: $0) } }
    }

    /// Bytes of strangers: what is no UTF-8 becomes U+FFFD, so that the document stays valid.
    package func appendJSON(repairing bytes: Span<UInt8>) {
        // Safe: the pointer does not leave the closure.
        unsafe bytes.withUnsafeBufferPointer { unsafe appendJSON(String(decoding: $0, as: UTF8.self)) }
    }

    private func appendJSON(utf8 byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            append(UInt8(ascii: "\\"))
            append(byte)
        case UInt8(ascii: "\n"): append("\\n")
        case UInt8(ascii: "\r"): append("\\r")
        case UInt8(ascii: "\t"): append("\\t")
        case 0..<0x20:
            append(byte < 16 ? "\\u000" : "\\u001")
            let nibble = byte & 15
            append(nibble < 10 ? 48 &+ nibble : 87 &+ nibble)
        default: append(byte)
        }
    }
}
