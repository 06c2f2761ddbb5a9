internal import BalanceSimulation

/// Lines of a Markdown table.
enum Table {
    static func row(_ name: String, _ cells: [String]) -> String { "| \(name) | \(cells.joined(separator: " | ")) |" }

    static func milliseconds(_ seconds: Double) -> String {
        let value = seconds * 1_000
        return value < 100 ? "\((value * 10).rounded() / 10)" : "\(Int(value.rounded()))"
    }

    /// The mean of several seeds' p50, p99 and p99.9, and errors where there are any.
    static func cell(_ outcomes: [Simulation.Outcome]) -> String {
        let count = Double(outcomes.count)
        let quantiles = [0.5, 0.99, 0.999].map { fraction in
            milliseconds(outcomes.reduce(0) { $0 + $1.latencies.quantile(fraction) } / count)
        }
        let errors = 100 * outcomes.reduce(0) { $0 + $1.errorShare } / count
        let note = errors < 0.0005 ? "" : ", \((errors * 1_000).rounded() / 1_000) %"
        return quantiles.joined(separator: "/") + note
    }
}
