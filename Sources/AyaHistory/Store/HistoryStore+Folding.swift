/// Coarser values out of finer ones. They are made from what stands in the store, so whoever goes on after a restart or
/// an upgrade needs to know nothing but how far it has come.
extension HistoryStore {
    static func fold(_ finer: Resolution, upTo end: Int64, in database: Database) throws(Fault) {
        guard let coarser = finer.coarser else { return }
        let last = end.floored(to: coarser.step)
        var next = try mark(coarser, in: database) ?? last
        // The clock was set back.
        if next > last + coarser.step { next = last }
        while next < last {
            let first = try database.integer(
                "SELECT start FROM chunks WHERE resolution = ? AND start >= ? ORDER BY start LIMIT 1",
                .integer(finer.step), .integer(next))
            guard let first else {
                next = last
                break
            }
            if first < next + coarser.step {
                try fold(finer, at: next, in: database)
                next += coarser.step
            } else {
                // Nobody was there to see what happened in between.
                next = min(last, first.floored(to: coarser.step))
            }
        }
        try setMark(coarser, next, in: database)
    }

    /// Makes one coarser value of each metric of each subject.
    private static func fold(_ finer: Resolution, at time: Int64, in database: Database) throws(Fault) {
        guard let coarser = finer.coarser else { return }
        var folds: [Int64: Fold] = [:]
        try database.run(
            "SELECT subject, data FROM chunks WHERE resolution = ? AND start >= ? AND start < ?",
            .integer(finer.step), .integer(time), .integer(time + coarser.step)
        ) { row in
            if let chunk = Chunk(row.blob(1)) { folds[row.integer(0), default: Fold()].add(chunk) }
        }
        let start = time.floored(to: coarser.chunkLength)
        let index = Int((time - start) / coarser.step)
        for (subject, fold) in folds {
            var chunk = Chunk(count: coarser.valuesPerChunk)
            for (metric, value) in fold.means { chunk[metric, index] = value }
            try put(chunk, coarser, start: start, subject, in: database)
        }
    }

    /// Up to where values of a resolution were made.
    private static func mark(_ resolution: Resolution, in database: Database) throws(Fault) -> Int64? {
        try database.integer("SELECT value FROM marks WHERE name = ?", .text(resolution.name))
    }

    private static func setMark(_ resolution: Resolution, _ value: Int64, in database: Database) throws(Fault) {
        try database.run(
            "INSERT INTO marks (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            .text(resolution.name), .integer(value))
    }
}

/// A mean in the making, for each metric.
private struct Fold {
    private var sums: [Metric: (sum: Double, weight: Double)] = [:]

    mutating func add(_ chunk: Chunk) {
        let requests = chunk.columns[.requests]
        for (metric, values) in chunk.columns {
            var (sum, weight) = sums[metric] ?? (0, 0)
            for (index, value) in values.enumerated() where !value.isNaN {
                let share = metric.isWeighedByRequests ? requests.map { Double($0[index]) } ?? 1 : 1
                guard share > 0 else { continue }
                sum += Double(value) * share
                weight += share
            }
            sums[metric] = (sum, weight)
        }
    }

    var means: [(Metric, Float)] {
        sums.compactMap { metric, value in value.weight > 0 ? (metric, Float(value.sum / value.weight)) : nil }
    }
}
