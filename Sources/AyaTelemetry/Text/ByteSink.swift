package import AyaCore

/// Where text is written byte by byte: a worker's fixed `Buffer` on the data plane, growing `Text` off it.
package protocol ByteSink: AnyObject {
    func append(_ byte: UInt8)
    func append(_ bytes: UnsafeBufferPointer<UInt8>)
    func append(_ text: StaticString)
}

extension Buffer: ByteSink {}

/// Text of any length, for the control plane.
package final class Text: ByteSink {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package var string: String { String(decoding: bytes, as: UTF8.self) }

    package func append(_ byte: UInt8) { bytes.append(byte) }
    package func append(_ more: UnsafeBufferPointer<UInt8>) { unsafe bytes.append(contentsOf: more) }
    package func append(_ text: StaticString) {
        unsafe append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
    package func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
}
