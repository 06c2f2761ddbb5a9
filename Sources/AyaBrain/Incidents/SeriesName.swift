/// Which measurements make a series.
package struct SeriesName: Hashable, Sendable, CustomStringConvertible {
    package enum Measure: String, Hashable, Sendable {
        case requests
        case errors
        case latency
        case bytes
        case sessions
    }

    package var measure: Measure
    package var subject: Subject

    package init(_ measure: Measure, of subject: Subject = Subject()) {
        self.measure = measure
        self.subject = subject
    }

    package var description: String { "\(measure.rawValue) of \(subject)" }
}
