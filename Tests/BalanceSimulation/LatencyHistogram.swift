internal import Glibc

/// Latencies in classes of 1.5 %.
package struct LatencyHistogram: Sendable {
    private static let least = 1e-4
    private static let width = 0.015
    private var counts = ContiguousArray<Int>(repeating: 0, count: 900)
    package private(set) var count = 0
    package private(set) var sum = 0.0

    package init() {}

    package var mean: Double { count == 0 ? 0 : sum / Double(count) }

    package mutating func record(_ seconds: Double) {
        count += 1
        sum += seconds
        let index = Int(log(max(seconds, Self.least) / Self.least) / Self.width)
        counts[min(max(index, 0), counts.count - 1)] += 1
    }

    package func quantile(_ fraction: Double) -> Double {
        let wanted = Int((fraction * Double(count)).rounded(.up))
        var sum = 0
        for (index, number) in counts.enumerated() {
            sum += number
            if sum >= wanted, number > 0 { return Self.least * exp((Double(index) + 0.5) * Self.width) }
        }
        return 0
    }
}
