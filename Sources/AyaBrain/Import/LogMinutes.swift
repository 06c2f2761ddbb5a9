/// Requests of an access log, minute by minute.
package struct LogMinutes: Sendable {
    package struct Minute: Equatable, Sendable {
        package var requests = 0
        package var errors = 0
        /// Seconds, summed over those that tell.
        package var duration = 0.0
        package var timed = 0
    }

    /// Ten years; later ones are left out, so that made-up times cost no more.
    private static let mostMinutes = 5_300_000

    /// By minutes since 1970.
    package private(set) var minutes: [Int: Minute] = [:]
    /// Lines that were no requests.
    package private(set) var unread = 0

    package init() {}

    package mutating func add(_ line: ArraySlice<UInt8>, _ format: ImportFormat) {
        guard let row = LogLine.row(line, format) else {
            unread += line.isEmpty ? 0 : 1
            return
        }
        let index = Int(row.time / 60)
        guard minutes[index] != nil || minutes.count < Self.mostMinutes else { return }
        minutes[index, default: Minute()].requests += 1
        if row.isError { minutes[index]?.errors += 1 }
        if let duration = row.duration {
            minutes[index]?.duration += duration
            minutes[index]?.timed += 1
        }
    }

    /// From the first minute to the last; a minute without a line had no requests, and no latency.
    ///
    /// - Returns: requests and errors a second, and mean seconds.
    package var series: (start: Double, requests: [Double], errors: [Double], latency: [Double])? {
        guard let first = minutes.keys.min(), let last = minutes.keys.max(), last - first < Self.mostMinutes else {
            return nil
        }
        let rows = (first...last).map { minutes[$0] ?? Minute() }
        return (
            Double(first) * 60, rows.map { Double($0.requests) / 60 }, rows.map { Double($0.errors) / 60 },
            rows.map { $0.timed > 0 ? $0.duration / Double($0.timed) : .nan }
        )
    }
}
