/// The answer of Prometheus to a range query: lists of pairs `[1764000000,"12.5"]` behind each `values`.
///
/// Only these pairs are looked for: whatever else an answer has, or lacks, is nobody's concern here.
package enum PrometheusAnswer {
    private static let key = Array("\"values\"".utf8)
    private static let mostSamples = 10_000_000

    /// In the order of their times; of several series, the sums.
    package static func samples(_ json: [UInt8]) -> [Sample] {
        var sums: [Double: Double] = [:]
        var reader = Reader(json)
        while reader.find(key), sums.count < mostSamples {
            guard reader.take(UInt8(ascii: ":")), reader.take(UInt8(ascii: "[")) else { continue }
            while let (time, value) = reader.pair() {
                sums[time, default: 0] += value
                guard reader.take(UInt8(ascii: ",")) else { break }
            }
        }
        return sums.map { Sample(time: $0.key, value: $0.value) }.sorted { $0.time < $1.time }
    }

    private struct Reader {
        private let bytes: [UInt8]
        private var position = 0

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        /// Goes behind the next place where the pattern stands.
        mutating func find(_ pattern: [UInt8]) -> Bool {
            while position + pattern.count <= bytes.count {
                if bytes[position] == pattern[0],
                    bytes[position..<position + pattern.count].elementsEqual(pattern)
                {
                    position += pattern.count
                    return true
                }
                position += 1
            }
            return false
        }

        mutating func take(_ byte: UInt8) -> Bool {
            while position < bytes.count, bytes[position] <= 32 { position += 1 }
            guard position < bytes.count, bytes[position] == byte else { return false }
            position += 1
            return true
        }

        /// `[time,"value"]`; a value that is no number is passed over as nothing.
        mutating func pair() -> (time: Double, value: Double)? {
            guard take(UInt8(ascii: "[")), let time = number(), take(UInt8(ascii: ",")) else { return nil }
            let isQuoted = take(UInt8(ascii: "\""))
            let value = number()
            if isQuoted, !take(UInt8(ascii: "\"")) { return nil }
            guard take(UInt8(ascii: "]")), time >= 0, time < 1e11 else { return nil }
            return (time, value ?? 0)
        }

        private mutating func number() -> Double? {
            while position < bytes.count, bytes[position] <= 32 { position += 1 }
            let start = position
            while position < bytes.count, position - start < 40, ![34, 44, 93, 32].contains(bytes[position]) {
                position += 1
            }
            return DecimalText.number(bytes[start..<position]).flatMap { $0.isFinite ? $0 : nil }
        }
    }
}
