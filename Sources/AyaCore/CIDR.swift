/// A block of addresses, such as `10.0.0.0/8`.
package struct CIDR: Hashable, Sendable, CustomStringConvertible {
    package var base: IPAddress
    package var prefixLength: Int

    /// Reads `10.0.0.0/8`, `fd00::/8` or a single address; nil for anything else. Bits behind the prefix are cleared.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(first) else { return nil }
        var length = address.bitCount
        if parts.count == 2 {
            guard parts[1].utf8.count <= 3, parts[1].utf8.allSatisfy({ (48...57).contains($0) }),
                let stated = Int(parts[1]), stated <= address.bitCount
            else { return nil }
            length = stated
        }
        self.base = Self.masked(address, length)
        self.prefixLength = length
    }

    package func contains(_ address: IPAddress) -> Bool {
        let candidate = address.family == base.family ? address : address.unmapped
        return candidate.family == base.family && Self.masked(candidate, prefixLength) == base
    }

    package var description: String { "\(base)/\(prefixLength)" }

    private static func masked(_ address: IPAddress, _ length: Int) -> IPAddress {
        func mask(_ bits: Int) -> UInt64 { bits <= 0 ? 0 : bits >= 64 ? .max : ~(UInt64.max >> UInt64(bits)) }
        var result = address
        switch address.family {
        case .v4: result.low &= mask(length + 32)
        case .v6:
            result.high &= mask(length)
            result.low &= mask(length - 64)
        }
        return result
    }
}
