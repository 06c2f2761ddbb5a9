/// Where text is written byte by byte: a cursor in a worker's buffer on the data plane, growing `Text` off it.
package protocol ByteSink {
    mutating func append(_ byte: UInt8)
    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>)
    mutating func append(_ text: StaticString)
}

/// Text of any length, for the control plane.
package struct Text: ByteSink {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package var string: String { String(decoding: bytes, as: UTF8.self) }

    package mutating func append(_ byte: UInt8) { bytes.append(byte) }
    package mutating func append(_ more: UnsafeBufferPointer<UInt8>) { unsafe bytes.append(contentsOf: more) }
    package mutating func append(_ text: StaticString) {
        unsafe append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
    package mutating func append(text: String) { bytes.append(contentsOf: text.utf8) }
}
