/// Bytes that stay where they are until the test process ends.
package func lasting(_ text: String) -> UnsafeBufferPointer<UInt8> {
    let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.utf8.count)
    _ = unsafe memory.initialize(from: text.utf8)
    return UnsafeBufferPointer(memory)
}
