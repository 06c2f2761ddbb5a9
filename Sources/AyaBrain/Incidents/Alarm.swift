/// A row of a series that a detector raised its hand for.
package struct Alarm: Equatable, Sendable {
    package var series: SeriesName
    package var sample: Sample
    package var verdict: Verdict

    package init(series: SeriesName, sample: Sample, verdict: Verdict) {
        self.series = series
        self.sample = sample
        self.verdict = verdict
    }
}
