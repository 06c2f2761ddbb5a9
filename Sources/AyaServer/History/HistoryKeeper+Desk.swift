internal import AyaAdmin
internal import AyaHTTP
internal import AyaHistory
internal import AyaReactor
internal import Synchronization

extension HistoryKeeper: HistoryDesk {
    var now: Int64 { Machine.wallClock() / 1_000_000_000 }

    func values(_ query: HistoryQuery) async -> HistoryAnswer {
        let names = query.series.map { ($0, SeriesName($0)) }
        let unknown = names.filter { $0.1 == nil }.map(\.0)
        guard unknown.isEmpty else { return .unknown(unknown) }
        let series = names.compactMap(\.1)
        let span = Span(Resolution(query.resolution), from: query.from, to: query.to)
        let values = await history.values(of: series, span)
        return .found(start: span.start, series: series.map { ("\($0)", values[$0] ?? []) })
    }

    func names() async -> [String] { await history.names().map(\.description) }

    func isSubject(_ name: String) -> Bool { Subject(name: name) != nil }

    func forget(_ subjects: [String]?) async -> Bool { await history.forget(subjects?.compactMap(Subject.init)) }

    func live(_ patterns: [String]) async -> ServiceFeed {
        let feed = ServiceFeed(bound: 1 << 20)
        feed.push(Array("retry: 1000\n\n".utf8))
        let selection = LiveSelection(patterns)
        let number = await history.follow { frame in
            let chosen = selection.choose(from: frame.roster)
            let values = chosen.series.map { (name: $0.name, value: frame.values[$0.position]) }
            feed.push(LiveEvent.sample(time: frame.time, values, isWhole: chosen.isWhole))
        }
        feed.whenClosed { [history] in Task { await history.unfollow(number) } }
        return feed
    }
}

/// Which series somebody follows, and where frames have them.
private final class LiveSelection: Sendable {
    /// More would be more than a browser or a terminal shows, and a megabyte a second.
    private static let most = 4_000

    struct Choice {
        var series: [(name: String, position: Int)] = []
        var isWhole = true
    }

    private let exact: Set<String>
    private let prefixes: [String]
    /// Looked up once for each roster, which changes with the configuration alone.
    private let known = Mutex<(roster: Roster, choice: Choice)?>(nil)

    init(_ patterns: [String]) {
        exact = Set(patterns.filter { !$0.hasSuffix("*") })
        let open = patterns.filter { $0.hasSuffix("*") }.map { String($0.dropLast()) }
        prefixes = patterns.isEmpty ? [""] : open
    }

    func choose(from roster: Roster) -> Choice {
        if let known = known.withLock({ $0 }), known.roster === roster { return known.choice }
        var choice = Choice()
        roster.forEachSeries { series, position in
            let name = "\(series)"
            guard exact.contains(name) || prefixes.contains(where: name.hasPrefix) else { return }
            if choice.series.count < Self.most {
                choice.series.append((name, position))
            } else {
                choice.isWhole = false
            }
        }
        let found = choice
        known.withLock { $0 = (roster, found) }
        return found
    }
}

extension Resolution {
    fileprivate init(_ wanted: HistoryQuery.Resolution) {
        switch wanted {
        case .second: self = .second
        case .minute: self = .minute
        case .hour: self = .hour
        }
    }
}
