/// Sums over spans of columns, eight lanes at once: what regressions spend their time in.
enum DotProduct {
    /// Σ left(t + leftShift)·right(t + rightShift) over the times of `span`.
    static func of(_ left: [Float], _ right: [Float], _ span: Range<Int>, _ leftShift: Int, _ rightShift: Int) -> Double
    {
        let count = span.count
        guard count > 0 else { return 0 }
        precondition(span.lowerBound + min(leftShift, rightShift) >= 0)
        precondition(span.upperBound + leftShift <= left.count && span.upperBound + rightShift <= right.count)
        return unsafe left.withUnsafeBytes { left in
            unsafe right.withUnsafeBytes { right in
                var total = SIMD8<Float>.zero
                var leftOffset = (span.lowerBound + leftShift) * 4
                var rightOffset = (span.lowerBound + rightShift) * 4
                for _ in 0..<count / 8 {
                    let one = unsafe left.loadUnaligned(fromByteOffset: leftOffset, as: SIMD8<Float>.self)
                    let two = unsafe right.loadUnaligned(fromByteOffset: rightOffset, as: SIMD8<Float>.self)
                    total += one * two
                    leftOffset += 32
                    rightOffset += 32
                }
                var sum = Double(total.sum())
                for _ in 0..<count % 8 {
                    let one = unsafe left.loadUnaligned(fromByteOffset: leftOffset, as: Float.self)
                    let two = unsafe right.loadUnaligned(fromByteOffset: rightOffset, as: Float.self)
                    sum += Double(one * two)
                    leftOffset += 4
                    rightOffset += 4
                }
                return sum
            }
        }
    }

    static func sum(_ values: [Float], _ span: Range<Int>) -> Double {
        guard !span.isEmpty else { return 0 }
        precondition(span.lowerBound >= 0 && span.upperBound <= values.count)
        return unsafe values.withUnsafeBytes { values in
            var total = SIMD8<Float>.zero
            var offset = span.lowerBound * 4
            for _ in 0..<span.count / 8 {
                unsafe total += values.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
                offset += 32
            }
            var sum = Double(total.sum())
            for _ in 0..<span.count % 8 {
                unsafe sum += Double(values.loadUnaligned(fromByteOffset: offset, as: Float.self))
                offset += 4
            }
            return sum
        }
    }
}
