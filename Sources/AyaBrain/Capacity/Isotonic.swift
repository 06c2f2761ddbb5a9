/// The nearest sequence that never falls.
enum Isotonic {
    /// - Parameter values: each with its weight.
    static func increasing(_ values: [(value: Double, weight: Double)]) -> [Double] {
        var blocks: [(mean: Double, weight: Double, count: Int)] = []
        for (value, weight) in values {
            var block = (mean: value, weight: weight, count: 1)
            while let last = blocks.last, last.mean > block.mean {
                let weight = last.weight + block.weight
                block = (
                    mean: (last.mean * last.weight + block.mean * block.weight) / weight, weight: weight,
                    count: last.count + block.count
                )
                blocks.removeLast()
            }
            blocks.append(block)
        }
        return blocks.flatMap { Array(repeating: $0.mean, count: $0.count) }
    }
}
