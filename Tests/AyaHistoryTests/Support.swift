internal import AyaHistory
internal import AyaTelemetry
internal import Glibc

/// A directory for one test, gone with it.
final class Folder {
    let path: String

    init() {
        var template = Array("/tmp/aya-history-XXXXXX".utf8CString)
        // Safe: the buffer is terminated, and mkdtemp writes within it.
        let made = unsafe mkdtemp(&template)
        path = unsafe made.map { unsafe String(cString: $0) } ?? "/tmp"
    }

    deinit {
        for suffix in ["", "-wal", "-shm", ".lock", ".damaged"] { unsafe unlink("\(path)/history.sqlite\(suffix)") }
        unsafe rmdir(path)
    }

    var file: String { "\(path)/history.sqlite" }
}

extension Settings {
    static func test(_ place: Folder, size: Int = 8 << 20) -> Settings {
        Settings(place: .directory(place.path), size: size)
    }
}

extension Roster {
    static let pool = Subject.pool("web")
    static let one = Roster([pool])

    convenience init(_ subjects: [Subject]) { self.init(subjects, limit: 10_000) }
}

extension Frame {
    /// One pool; the same value for every metric.
    init(_ time: Int64, _ value: Float, of roster: Roster = .one) {
        self.init(
            time: time, roster: roster,
            values: ContiguousArray(repeating: value, count: roster.subjects.reduce(0) { $0 + $1.metrics.count }))
    }
}

extension History {
    static func make(_ settings: Settings) throws -> History {
        guard let history = History(settings, log: .silent) else { throw NoThread() }
        return history
    }

    private struct NoThread: Error {}

    /// Frames from a time on, with the seconds' last two digits as values.
    func fill(from start: Int64, seconds: Int64) {
        for time in start..<start + seconds { take(Frame(time, Float(time % 100))) }
    }

    func requests(_ resolution: Resolution, from: Int64, to: Int64) -> [Float] {
        let name = SeriesName(Roster.pool, .requests)
        return values(of: [name], Span(resolution, from: from, to: to))[name] ?? []
    }
}

extension Log {
    static let silent = Log(level: .error, format: .json, limit: RateLimit(), clock: { 0 }, output: { _ in })
}

extension Collection<Float> {
    var isGap: Bool { allSatisfy(\.isNaN) }
}
