/// An IPv4 or IPv6 address as plain words, free of pointers so that copying costs nothing.
package struct IPAddress: Hashable, Sendable {
    package enum Family: UInt8, Sendable { case v4 = 4, v6 = 6 }

    /// The sixteen bytes in network order, as two big-endian numbers. IPv4 uses the low 32 bits of `low`.
    package var high: UInt64
    package var low: UInt64
    package var family: Family

    @inlinable package init(v4 bits: UInt32) {
        self.high = 0
        self.low = UInt64(bits)
        self.family = .v4
    }

    @inlinable package init(v6High high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
        self.family = .v6
    }

    package static let loopback = IPAddress(v4: 0x7f00_0001)
    package static let anyV4 = IPAddress(v4: 0)
    package static let anyV6 = IPAddress(v6High: 0, low: 0)

    /// `::ffff:a.b.c.d` as the IPv4 address it carries; everything else as it is.
    package var unmapped: IPAddress {
        family == .v6 && high == 0 && low >> 32 == 0xffff ? IPAddress(v4: UInt32(truncatingIfNeeded: low)) : self
    }

    /// Reached from this machine alone (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3).
    package var isLoopback: Bool {
        let plain = unmapped
        switch plain.family {
        case .v4: return plain.low >> 24 == 127
        case .v6: return plain.high == 0 && plain.low == 1
        }
    }

    @inlinable package var bitCount: Int { family == .v4 ? 32 : 128 }

    /// Group `index` (0 to 7) of an IPv6 address.
    @inlinable func group(_ index: Int) -> UInt16 {
        let word = index < 4 ? high : low
        return UInt16(truncatingIfNeeded: word >> UInt64(48 - 16 * (index & 3)))
    }
}
