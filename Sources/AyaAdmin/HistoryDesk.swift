package import AyaHTTP

/// What the admin API tells of the past. The composition root implements it.
package protocol HistoryDesk: Sendable {
    /// In seconds since 1970.
    var now: Int64 { get }
    func values(_ query: HistoryQuery) async -> HistoryAnswer
    /// Of every series that there is or was.
    func names() async -> [String]
    /// Each second's values as server-sent events.
    ///
    /// - Parameter patterns: names of series, or beginnings of names with `*` behind; empty for all.
    func live(_ patterns: [String]) async -> ServiceFeed
    /// Removes what is kept of some things, such as `pools/web`, or everything. False when it can not be removed now.
    func forget(_ subjects: [String]?) async -> Bool
    /// Whether such a thing could be kept: `pools/web`.
    func isSubject(_ name: String) -> Bool
}

package struct HistoryQuery: Sendable, Equatable {
    package enum Resolution: String, Sendable, CaseIterable {
        case second = "1s"
        case minute = "1m"
        case hour = "1h"

        package var seconds: Int64 {
            switch self {
            case .second: 1
            case .minute: 60
            case .hour: 3_600
            }
        }
    }

    package var series: [String]
    package var resolution: Resolution
    /// In seconds since 1970.
    package var from: Int64
    package var to: Int64

    package init(series: [String], resolution: Resolution, from: Int64, to: Int64) {
        self.series = series
        self.resolution = resolution
        self.from = from
        self.to = to
    }
}

package enum HistoryAnswer: Sendable {
    /// In the order of the question; not a number where there is no value.
    case found(start: Int64, series: [(name: String, values: [Float])])
    /// These are no names of series.
    case unknown([String])
}
