/// A number of bytes, written in configuration as `64KiB`, `1MiB`, `10MB` or plain digits.
package struct ByteCount: Hashable, Comparable, Sendable, CustomStringConvertible {
    package var bytes: Int

    package init(_ bytes: Int) { self.bytes = bytes }

    package static func kibibytes(_ count: Int) -> ByteCount { ByteCount(count * 1024) }
    package static func mebibytes(_ count: Int) -> ByteCount { ByteCount(count * 1024 * 1024) }

    package static func < (left: ByteCount, right: ByteCount) -> Bool { left.bytes < right.bytes }

    private static let units: [(name: String, factor: Int)] = [
        ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
        ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000), ("B", 1),
    ]

    /// Reads a whole number with an optional unit; nil for anything else or anything beyond 64 bits.
    package init?(_ text: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let count = Int(digits) else { return nil }
        let suffix = text.dropFirst(digits.count)
        let factor = suffix.isEmpty ? 1 : Self.units.first { $0.name == suffix }?.factor
        guard let factor else { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: factor)
        guard !overflow else { return nil }
        self.bytes = bytes
    }

    /// The shortest exact form: `64KiB` rather than `65536B`.
    package var description: String {
        for unit in Self.units where bytes != 0 && bytes % unit.factor == 0 && unit.name.contains("i") {
            return "\(bytes / unit.factor)\(unit.name)"
        }
        return "\(bytes)B"
    }
}
