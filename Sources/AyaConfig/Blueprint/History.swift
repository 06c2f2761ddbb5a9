package import AyaCore

extension Blueprint {
    /// What is remembered of everything that is counted. Absent: nothing.
    package struct History: Hashable, Sendable {
        /// Nil: the state directory.
        package var directory: String?
        /// How far back values of each second, minute and hour go.
        package var seconds = Duration.seconds(2 * 3_600)
        package var minutes = Duration.seconds(30 * 86_400)
        package var hours = Duration.seconds(3 * 365 * 86_400)
        package var size = ByteCount.mebibytes(1_024)
        package var seriesLimit = 50_000

        package init() {}
    }
}
