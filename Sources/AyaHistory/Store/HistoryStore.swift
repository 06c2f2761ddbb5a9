/// What is kept of all series, in SQLite: a row for each subject and stretch of time.
///
/// Rows are ordered by time first: those that are written together stand together, what is too old goes as one range,
/// and as stretches begin at known times, a series is read row by row without searching.
struct HistoryStore {
    typealias Fault = Database.Fault

    let file: HistoryFile
    private var identities: [Subject: Int64] = [:]

    init(_ settings: Settings) { file = HistoryFile(settings) }

    // MARK: writing

    /// Adds what frames say, in one transaction with the coarser values that follow from it.
    ///
    /// - Parameter end: everything before it is written with these frames, or never.
    mutating func write(_ frames: [Frame], _ percentiles: [Percentiles] = [], upTo end: Int64) throws(Fault) {
        let database = try file.database()
        var known = identities
        try database.transaction { () throws(Fault) in
            for (start, frames) in Self.stretches(frames) {
                guard let roster = frames.first?.roster else { continue }
                for index in roster.subjects.indices {
                    let chunk = Chunk(of: index, frames, start: start)
                    let identity = try Self.identity(of: roster.subjects[index], &known, in: database)
                    try Self.put(chunk, .second, start: start, identity, in: database)
                }
            }
            for finer in [Resolution.second, .minute] { try Self.fold(finer, upTo: end, in: database) }
            for one in percentiles {
                for (subject, values) in one.values {
                    let identity = try Self.identity(of: subject, &known, in: database)
                    try Self.put(values, one.resolution, at: one.time, identity, in: database)
                }
            }
        }
        identities = known
    }

    /// Frames of one chunk and one roster each.
    private static func stretches(_ frames: [Frame]) -> [(start: Int64, frames: [Frame])] {
        var found: [(start: Int64, frames: [Frame])] = []
        for frame in frames {
            let start = frame.time.floored(to: Resolution.second.chunkLength)
            if let last = found.last, last.start == start, last.frames.first?.roster === frame.roster {
                found[found.count - 1].frames.append(frame)
            } else {
                found.append((start, [frame]))
            }
        }
        return found
    }

    private static func identity(
        of subject: Subject, _ known: inout [Subject: Int64], in database: Database
    ) throws(Fault) -> Int64 {
        if let identity = known[subject] { return identity }
        let find = "SELECT id FROM subjects WHERE name = ?"
        var identity = try database.integer(find, .text(subject.name))
        if identity == nil {
            try database.run("INSERT INTO subjects (name) VALUES (?)", .text(subject.name))
            identity = database.lastRow
        }
        known[subject] = identity
        return identity ?? 0
    }

    /// Writes a chunk; where there is one already, as after a restart, both become one.
    static func put(
        _ chunk: Chunk, _ resolution: Resolution, start: Int64, _ subject: Int64, in database: Database
    ) throws(Fault) {
        if chunk.isEmpty { return }
        let key: [Value] = [.integer(resolution.step), .integer(start), .integer(subject)]
        try database.run(
            "INSERT INTO chunks (resolution, start, subject, data) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            key[0], key[1], key[2], .blob(chunk.bytes))
        guard database.changes == 0 else { return }
        var whole = try find(resolution, start: start, subject, in: database) ?? Chunk(count: resolution.valuesPerChunk)
        whole.merge(chunk)
        try database.run(
            "UPDATE chunks SET data = ?4 WHERE resolution = ?1 AND start = ?2 AND subject = ?3",
            key[0], key[1], key[2], .blob(whole.bytes))
    }

    /// In place of the means of percentiles that folding has made.
    private static func put(
        _ values: Percentiles.Values, _ resolution: Resolution, at time: Int64, _ subject: Int64, in database: Database
    ) throws(Fault) {
        let start = time.floored(to: resolution.chunkLength)
        var chunk = Chunk(count: resolution.valuesPerChunk)
        chunk[.latencyP50, Int((time - start) / resolution.step)] = values.p50
        chunk[.latencyP99, Int((time - start) / resolution.step)] = values.p99
        try put(chunk, resolution, start: start, subject, in: database)
    }

    static func find(
        _ resolution: Resolution, start: Int64, _ subject: Int64, only metrics: Set<Metric>? = nil,
        in database: Database
    ) throws(Fault) -> Chunk? {
        var chunk: Chunk?
        try database.run(
            "SELECT data FROM chunks WHERE resolution = ? AND start = ? AND subject = ?",
            .integer(resolution.step), .integer(start), .integer(subject)
        ) { row in chunk = Chunk(row.blob(0), only: metrics) }
        return chunk
    }

    // MARK: reading

    /// Every subject that was ever kept and is not forgotten.
    func subjects() throws(Fault) -> [Subject] {
        var found: [Subject] = []
        try file.database().run("SELECT name FROM subjects ORDER BY name") { row in
            if let subject = Subject(name: row.text(0)) { found.append(subject) }
        }
        return found
    }

    /// The values of one subject's metrics from `span` on; not a number where there is none.
    func read(_ subject: Subject, _ metrics: [Metric], _ span: Span) throws(Fault) -> [Metric: [Float]] {
        var values = Dictionary(
            metrics.map { ($0, [Float](repeating: .nan, count: span.count)) }, uniquingKeysWith: { first, _ in first })
        let database = try file.database()
        guard let identity = try database.integer("SELECT id FROM subjects WHERE name = ?", .text(subject.name)) else {
            return values
        }
        let resolution = span.resolution
        var start = span.start.floored(to: resolution.chunkLength)
        while start < span.end {
            let wanted = Set(metrics)
            if let chunk = try Self.find(resolution, start: start, identity, only: wanted, in: database) {
                let first = Int((start - span.start) / resolution.step)
                for (metric, column) in chunk.columns {
                    for (index, value) in column.enumerated() where first + index >= 0 && first + index < span.count {
                        values[metric]?[first + index] = value
                    }
                }
            }
            start += resolution.chunkLength
        }
        return values
    }

    // MARK: forgetting

    /// Removes everything of some subjects, or of all, so that it can't be read from the file any more.
    mutating func forget(_ subjects: [Subject]?) throws(Fault) {
        let database = try file.database()
        try database.execute("PRAGMA secure_delete = ON")
        defer { try? database.execute("PRAGMA secure_delete = OFF; PRAGMA wal_checkpoint(TRUNCATE)") }
        try database.transaction { () throws(Fault) in
            guard let subjects else {
                return try database.execute("DELETE FROM chunks; DELETE FROM subjects; DELETE FROM papers")
            }
            for subject in subjects {
                let find = "SELECT id FROM subjects WHERE name = ?"
                guard let identity = try database.integer(find, .text(subject.name)) else { continue }
                try database.run("DELETE FROM chunks WHERE subject = ?", .integer(identity))
                try database.run("DELETE FROM subjects WHERE id = ?", .integer(identity))
            }
        }
        identities = [:]
    }

    /// After a fault: nothing that was known of the file holds any more.
    mutating func reopen() {
        identities = [:]
        file.reopen()
    }
}

/// A stretch of time at a resolution.
package struct Span: Sendable, Equatable {
    package let resolution: Resolution
    /// In seconds since 1970; a multiple of the resolution's step.
    package let start: Int64
    /// How many values.
    package let count: Int

    /// What lies between two times, and all of the steps in which they lie.
    package init(_ resolution: Resolution, from: Int64, to: Int64) {
        self.resolution = resolution
        start = from.floored(to: resolution.step)
        let end = (to + resolution.step - 1).floored(to: resolution.step)
        count = max(0, Int((end - start) / resolution.step))
    }

    var end: Int64 { start + Int64(count) * resolution.step }
}

extension Chunk {
    /// What frames of one roster say of one of its subjects.
    init(of index: Int, _ frames: [Frame], start: Int64) {
        self.init(count: Resolution.second.valuesPerChunk)
        guard let roster = frames.first?.roster else { return }
        let first = roster.offsets[index]
        for (column, metric) in roster.subjects[index].metrics.enumerated() {
            var values = [Float](repeating: .nan, count: count)
            for frame in frames { values[Int(frame.time - start)] = frame.values[first + column] }
            set(metric, values)
        }
    }
}
