/// A name of the configuration as records have it: bytes in a place of their own, which stay where they are as long as
/// whoever has the name.
///
/// An array would be retained and released for each record that speaks of it.
// Safe: the memory is its own, filled when it is made and not changed until its end.
@safe package struct RecordName: ~Copyable {
    package let bytes: UnsafeBufferPointer<UInt8>

    package init(_ name: some Collection<UInt8>) {
        let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: name.count)
        _ = unsafe memory.initialize(fromContentsOf: name)
        unsafe bytes = UnsafeBufferPointer(memory)
    }

    deinit { unsafe bytes.deallocate() }
}
