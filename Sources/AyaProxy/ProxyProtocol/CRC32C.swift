/// The Castagnoli checksum (RFC 3309 appendix B) over the few hundred bytes of a PROXY header: bit by bit, no table.
struct CRC32C {
    private var state: UInt32 = 0xffff_ffff

    mutating func add(_ byte: UInt8) {
        state ^= UInt32(byte)
        for _ in 0..<8 { state = state & 1 == 0 ? state >> 1 : state >> 1 ^ 0x82f6_3b78 }
    }

    var value: UInt32 { ~state }
}
