/// How far the newest stretch of a series is from everything it did before: the distance to the most similar of the
/// last thousand stretches.
///
/// The nearest neighbour needs no model of the series, so it finds a spike, a step, a changed rhythm or a wild spell
/// alike, and whatever has happened within memory is no news. Two lengths are compared: eight rows, and sixteen of
/// which older ones count less; a short shape is seen early, a long one is harder to meet by chance.
struct ShapeNovelty {
    struct Distances: Equatable {
        var short = 0.0
        var long = 0.0
        /// What the series was when it most resembled now; nil before there was anything to compare.
        var precedent: Double?
    }

    private static let length = 16
    /// Rows that are remembered, and the newest that do not count as precedent, being part of the same event.
    private static let memory = 1_000
    private static let apart = 25
    /// Squares of 0.95 to the power of the age, the oldest first.
    private static let weights: SIMD16<Float> = {
        var weights = SIMD16<Float>(repeating: 1)
        for lane in (0..<15).reversed() { weights[lane] = weights[lane + 1] * 0.95 * 0.95 }
        return weights
    }()

    /// Rows by which more are kept than are remembered, so that moving them to the front is rare.
    private static let slack = 64

    /// Values as multiples of `unit` from `origin`, oldest first: single precision then holds any scale.
    private var values: [Float] = []
    private var origin = 0.0
    /// 0 while all values are alike.
    private var unit = 0.0

    mutating func observe(_ value: Double) -> Distances {
        append(value)
        let newest = values.count - Self.length
        let oldest = max(0, newest - Self.memory)
        guard newest - Self.apart >= oldest else { return Distances() }
        let weights = Self.weights
        var short = Float.infinity
        var long = Float.infinity
        var nearest = oldest
        // Safe: a stretch begins at most `newest`, `length` values before the end.
        unsafe values.withUnsafeBytes { bytes in
            let stride = MemoryLayout<Float>.stride
            let now = unsafe bytes.loadUnaligned(fromByteOffset: newest &* stride, as: SIMD16<Float>.self)
            for start in oldest...(newest &- Self.apart) {
                // Most stretches differ too much in their newest value alone.
                let newestThen = unsafe bytes.loadUnaligned(
                    fromByteOffset: (start &+ Self.length &- 1) &* stride, as: Float.self)
                let last = now[Self.length &- 1] - newestThen
                guard last * last < max(short, long) else { continue }
                let then = unsafe bytes.loadUnaligned(fromByteOffset: start &* stride, as: SIMD16<Float>.self)
                let difference = now - then
                let squares = difference * difference
                short = min(short, squares.highHalf.sum())
                let distance = (squares * weights).sum()
                if distance < long {
                    long = distance
                    nearest = start
                }
            }
        }
        let scale = unit > 0 ? unit : 1
        return Distances(
            short: Double(short.squareRoot()) * scale, long: Double(long.squareRoot()) * scale,
            precedent: origin + Double(values[nearest + Self.length - 1]) * scale)
    }

    private mutating func append(_ value: Double) {
        if values.isEmpty {
            origin = value
            values.reserveCapacity(Self.memory + Self.length + Self.slack)
            values.append(contentsOf: repeatElement(0, count: Self.length - 1))
        }
        if values.count == Self.memory + Self.length + Self.slack { values.removeFirst(Self.slack) }
        let offset = min(max(value - origin, -.greatestFiniteMagnitude), .greatestFiniteMagnitude)
        if unit == 0, offset != 0 { unit = max(abs(offset), .leastNormalMagnitude) }
        // Beyond this its square is no number of single precision.
        values.append(min(max(Float(offset / (unit > 0 ? unit : 1)), -1e18), 1e18))
    }
}
