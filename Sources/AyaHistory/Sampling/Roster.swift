/// Which subjects there are at a time, and where in a frame the values of each stand.
///
/// Frames of one roster share it, so that a frame is nothing but numbers.
package final class Roster: Sendable {
    package let subjects: [Subject]
    /// Where the values of each subject begin in a frame, and one more for the end.
    let offsets: [Int]
    private let positions: [Subject: Int]
    /// Series that were left out because there would be too many.
    package let overflow: Int

    package init(_ subjects: [Subject], limit: Int) {
        var kept: [Subject] = []
        var offsets = [0]
        var count = 0
        var overflow = 0
        for subject in subjects {
            let more = subject.metrics.count
            // Whatever follows is left out too: positions of what stays must not depend on what fits.
            if overflow > 0 || count + more > limit {
                overflow += more
                continue
            }
            count += more
            kept.append(subject)
            offsets.append(count)
        }
        self.subjects = kept
        self.offsets = offsets
        self.overflow = overflow
        positions = Dictionary(kept.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    var valueCount: Int { offsets.last ?? 0 }

    func index(of subject: Subject) -> Int? { positions[subject] }

    /// Where in a frame the values of a series stand.
    package func position(of series: SeriesName) -> Int? {
        guard let index = positions[series.subject],
            let column = series.subject.metrics.firstIndex(of: series.metric)
        else { return nil }
        return offsets[index] + column
    }

    /// With the position of each.
    package func forEachSeries(_ body: (SeriesName, Int) -> Void) {
        for (index, subject) in subjects.enumerated() {
            for (column, metric) in subject.metrics.enumerated() {
                body(SeriesName(subject, metric), offsets[index] + column)
            }
        }
    }
}

/// Every value of one second.
package struct Frame: Sendable {
    /// The beginning of the second, in seconds since 1970.
    package let time: Int64
    package let roster: Roster
    /// By the roster's positions; not a number where there is nothing to say.
    package let values: ContiguousArray<Float>

    package init(time: Int64, roster: Roster, values: ContiguousArray<Float>) {
        self.time = time
        self.roster = roster
        self.values = values
    }
}
