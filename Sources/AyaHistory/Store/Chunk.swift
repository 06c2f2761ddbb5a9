/// Several consecutive values of each metric of one subject, as they stand in a row of the store.
///
/// Its bytes: a version, the number of values, then for each metric that has any its number, a form and the values.
/// Quiet subjects are the rule, so values that are all the same take five bytes, and small whole numbers one each.
package struct Chunk: Equatable, Sendable {
    package private(set) var columns: [Metric: [Float]] = [:]
    package let count: Int

    package init(count: Int) { self.count = count }

    package static func == (left: Chunk, right: Chunk) -> Bool { left.bytes == right.bytes }

    /// Not a number where there is none.
    package subscript(metric: Metric, index: Int) -> Float {
        get { columns[metric].flatMap { index < $0.count ? $0[index] : nil } ?? .nan }
        set {
            guard index >= 0, index < count, !newValue.isNaN || columns[metric] != nil else { return }
            columns[metric, default: Array(repeating: .nan, count: count)][index] = newValue
        }
    }

    /// All values of a metric at once; `values` has as many as the chunk.
    mutating func set(_ metric: Metric, _ values: [Float]) {
        if !values.allSatisfy(\.isNaN) { columns[metric] = values }
    }

    /// Takes over the other's values where it has any.
    package mutating func merge(_ other: Chunk) {
        for (metric, values) in other.columns {
            for (index, value) in values.enumerated() where !value.isNaN { self[metric, index] = value }
        }
    }

    package var isEmpty: Bool { columns.values.allSatisfy { $0.allSatisfy(\.isNaN) } }

    // MARK: bytes

    private static let version: UInt8 = 1

    private enum Form: UInt8 {
        /// One value for all.
        case same = 1
        /// Each a whole number below 255; 255 where there is none.
        case small = 2
        /// Each as four bytes, least significant first.
        case plain = 3
    }

    package var bytes: [UInt8] {
        var bytes = [Self.version, UInt8(clamping: count)]
        for metric in Metric.allCases {
            guard let values = columns[metric], !values.allSatisfy(\.isNaN) else { continue }
            bytes.append(metric.rawValue)
            Self.append(values, to: &bytes)
        }
        return bytes
    }

    private static func append(_ values: [Float], to bytes: inout [UInt8]) {
        if let first = values.first, values.allSatisfy({ $0.bitPattern == first.bitPattern }) {
            bytes.append(Form.same.rawValue)
            append(first, to: &bytes)
        } else if values.allSatisfy({ $0.isNaN || ($0 >= 0 && $0 < 255 && $0 == $0.rounded()) }) {
            bytes.append(Form.small.rawValue)
            for value in values { bytes.append(value.isNaN ? 255 : UInt8(value)) }
        } else {
            bytes.append(Form.plain.rawValue)
            for value in values { append(value, to: &bytes) }
        }
    }

    private static func append(_ value: Float, to bytes: inout [UInt8]) {
        let pattern = value.bitPattern
        for shift in [0, 8, 16, 24] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: pattern >> shift)) }
    }

    /// Nil for what is no chunk: a file may be damaged.
    package init?(_ bytes: [UInt8], only wanted: Set<Metric>? = nil) {
        var reader = Reader(bytes: bytes)
        guard reader.next() == Self.version, let count = reader.next(), count > 0 else { return nil }
        self.init(count: Int(count))
        while let number = reader.next() {
            guard let form = reader.next().flatMap(Form.init), let values = reader.values(form, self.count) else {
                return nil
            }
            // A metric of a later version is passed over.
            guard let metric = Metric(rawValue: number), wanted?.contains(metric) ?? true else { continue }
            columns[metric] = values
        }
    }

    private struct Reader {
        let bytes: [UInt8]
        var position = 0

        mutating func next() -> UInt8? {
            guard position < bytes.count else { return nil }
            defer { position += 1 }
            return bytes[position]
        }

        mutating func float() -> Float? {
            guard bytes.count - position >= 4 else { return nil }
            defer { position += 4 }
            return Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[position + $1]) << UInt32($1 * 8) })
        }

        mutating func values(_ form: Form, _ count: Int) -> [Float]? {
            switch form {
            case .same: return float().map { Array(repeating: $0, count: count) }
            case .small:
                guard bytes.count - position >= count else { return nil }
                defer { position += count }
                return bytes[position..<position + count].map { $0 == 255 ? .nan : Float($0) }
            case .plain:
                guard bytes.count - position >= 4 * count else { return nil }
                return (0..<count).compactMap { _ in float() }
            }
        }
    }
}
