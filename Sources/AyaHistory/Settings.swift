/// Where history is kept, for how long, and how much of it.
package struct Settings: Sendable, Equatable {
    package enum Place: Sendable, Equatable {
        /// As long as the process lives.
        case memory
        /// In a file of this directory, which exists.
        case directory(String)
    }

    package var place: Place
    /// How far back each resolution goes, in seconds.
    package var retention: [Resolution: Int64]
    /// Bytes that it may take, on the disk or in memory.
    package var size: Int
    /// Series of one moment; what is beyond is counted and left out.
    package var seriesLimit: Int

    package init(
        place: Place, retention: [Resolution: Int64] = [.second: 7_200, .minute: 30 * 86_400, .hour: 1_095 * 86_400],
        size: Int = 1 << 30, seriesLimit: Int = 50_000
    ) {
        self.place = place
        self.retention = retention
        self.size = size
        self.seriesLimit = seriesLimit
    }
}
