/// Brings series from elsewhere into the store while no Aya writes it, by minutes and by hours.
package enum HistoryImport {
    package enum Problem: Error, CustomStringConvertible {
        case notOurs
        case failed(String)

        package var description: String {
            switch self {
            case .notOurs: "another process writes this history, or its directory can not be written"
            case .failed(let reason): reason
            }
        }
    }

    /// What is there already stays only where the new series have a gap.
    ///
    /// - Parameters:
    ///   - start: of the first minute, in seconds since 1970; a multiple of 60.
    ///   - columns: a value for each minute; not a number where there is none.
    package static func add(
        _ columns: [Metric: [Float]], from start: Int64, of subject: Subject, _ settings: Settings
    ) throws(Problem) {
        let file = HistoryFile(settings)
        defer { file.close() }
        guard file.isWriter else { throw .notOurs }
        do throws(Database.Fault) {
            let database = try file.database()
            try database.transaction { () throws(Database.Fault) in
                try database.run(
                    "INSERT INTO subjects (name) VALUES (?) ON CONFLICT DO NOTHING", .text(subject.name))
                let find = "SELECT id FROM subjects WHERE name = ?"
                guard let identity = try database.integer(find, .text(subject.name)) else { return }
                try put(columns, .minute, from: start, identity, in: database)
                let (hours, first) = hourly(columns, from: start)
                try put(hours, .hour, from: first, identity, in: database)
            }
        } catch {
            throw .failed(error.description)
        }
    }

    private static func put(
        _ columns: [Metric: [Float]], _ resolution: Resolution, from start: Int64, _ subject: Int64,
        in database: Database
    ) throws(Database.Fault) {
        let count = columns.values.map(\.count).max() ?? 0
        let end = start + Int64(count) * resolution.step
        var stretch = start.floored(to: resolution.chunkLength)
        while stretch < end {
            var chunk = Chunk(count: resolution.valuesPerChunk)
            for (metric, values) in columns {
                for place in 0..<resolution.valuesPerChunk {
                    let index = Int((stretch - start) / resolution.step) + place
                    if values.indices.contains(index) { chunk[metric, place] = values[index] }
                }
            }
            try HistoryStore.put(chunk, resolution, start: stretch, subject, in: database)
            stretch += resolution.chunkLength
        }
    }

    /// Latencies weigh by the requests of their minutes.
    private static func hourly(_ columns: [Metric: [Float]], from start: Int64) -> ([Metric: [Float]], Int64) {
        let first = start.floored(to: 3_600)
        let shift = Int((start - first) / 60)
        let requests = columns[.requests]
        var hours: [Metric: [Float]] = [:]
        for (metric, values) in columns {
            let count = (shift + values.count + 59) / 60
            hours[metric] = (0..<count).map { hour in
                var (sum, weight) = (0.0, 0.0)
                for index in max(0, hour * 60 - shift)..<max(0, min(values.count, (hour + 1) * 60 - shift)) {
                    guard !values[index].isNaN else { continue }
                    let share = metric.isWeighedByRequests ? requests.map { Double($0[index]) } ?? 1 : 1
                    sum += Double(values[index]) * share
                    weight += share
                }
                return weight > 0 ? Float(sum / weight) : .nan
            }
        }
        return (hours, first)
    }
}
