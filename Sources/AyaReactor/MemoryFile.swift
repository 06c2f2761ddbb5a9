internal import CAyaSystem

/// A small file that is nowhere but in memory: what one process hands to the next and nobody else shall see.
package struct MemoryFile: Sendable {
    package let descriptor: Int32

    private static let largest = 64 << 10

    package init(_ bytes: [UInt8]) throws(SystemError) {
        let descriptor = unsafe aya_memory_file(bytes, bytes.count)
        guard descriptor >= 0 else { throw SystemError(code: -descriptor) }
        self.descriptor = descriptor
    }

    /// One that was handed over.
    package init(descriptor: Int32) { self.descriptor = descriptor }

    /// Nil when it can't be read.
    package func read() -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: Self.largest)
        let count = unsafe aya_read_start(descriptor, &bytes, bytes.count)
        return count >= 0 ? Array(bytes.prefix(count)) : nil
    }

    package func close() { Descriptors.close(descriptor) }
}
