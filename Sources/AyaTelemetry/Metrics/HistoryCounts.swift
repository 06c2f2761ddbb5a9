/// How the keeping of history is doing. Kept by history itself, not by workers.
package struct HistoryCounts: Counts {
    /// 1 unless it can not be written, or another process writes it.
    package var up = 0
    /// Of the last second, and those that the limit left out.
    package var series = 0
    package var seriesDropped = 0
    /// On the disk, or in memory where there is no disk.
    package var bytes = 0
    package var writeFailures: UInt64 = 0

    package init() {}

    package mutating func add(_ other: HistoryCounts) {
        up = max(up, other.up)
        series &+= other.series
        seriesDropped &+= other.seriesDropped
        bytes &+= other.bytes
        writeFailures &+= other.writeFailures
    }
}
