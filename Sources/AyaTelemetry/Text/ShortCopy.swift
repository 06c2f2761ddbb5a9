extension UnsafeMutableRawPointer {
    /// Copies bytes to a place that they do not overlap with.
    ///
    /// Texts of a few bytes are two words that overlap each other: calling the C library costs more than they do.
    // Safe: as `copyMemory` is; what is read and written lies within `size` bytes.
    @inline(__always) func copyText(from source: UnsafeRawPointer, count size: Int) {
        switch size {
        case 17...32: unsafe copyEnds(SIMD16<UInt8>.self, from: source, size)
        case 8...16: unsafe copyEnds(UInt64.self, from: source, size)
        case 4...7: unsafe copyEnds(UInt32.self, from: source, size)
        case 2, 3: unsafe copyEnds(UInt16.self, from: source, size)
        case 1: unsafe storeBytes(of: source.load(as: UInt8.self), as: UInt8.self)
        default: unsafe copyMemory(from: source, byteCount: size)
        }
    }

    @inline(__always)
    private func copyEnds<Word: BitwiseCopyable>(_: Word.Type, from source: UnsafeRawPointer, _ size: Int) {
        let end = size &- MemoryLayout<Word>.size
        let first = unsafe source.loadUnaligned(as: Word.self)
        let last = unsafe source.loadUnaligned(fromByteOffset: end, as: Word.self)
        unsafe storeBytes(of: first, as: Word.self)
        unsafe storeBytes(of: last, toByteOffset: end, as: Word.self)
    }
}
