/// Keeps the store within its times and its size, a little at each write.
extension HistoryStore {
    /// Chunks' lengths of time that go at once at most: after a long stop there may be much to remove.
    private static let stride: Int64 = 60
    /// How often a part of the oldest goes at one write.
    private static let rounds = 5
    /// Of the bound: beyond it the oldest goes, before the bound itself has writes fail.
    private static let fullness = 0.8

    func trim(now: Int64) throws(Fault) {
        let database = try file.database()
        try database.transaction { () throws(Fault) in
            for resolution in Resolution.allCases {
                guard let retention = file.settings.retention[resolution] else { continue }
                try remove(resolution, before: now - retention, in: database)
            }
            for _ in 0..<Self.rounds where try usage(of: database) > Self.fullness { try removeOldest(in: database) }
        }
        let free = try database.integer("PRAGMA freelist_count") ?? 0
        let all = try database.integer("PRAGMA page_count") ?? 0
        if free > 256, free > all / 4 { try database.execute("PRAGMA incremental_vacuum(256)") }
    }

    /// Bytes of the database.
    func size() throws(Fault) -> Int {
        let database = try file.database()
        return Int(try (database.integer("PRAGMA page_count") ?? 0) * (database.integer("PRAGMA page_size") ?? 0))
    }

    /// Share of the bound that is in use.
    private func usage(of database: Database) throws(Fault) -> Double {
        let pages =
            try (database.integer("PRAGMA page_count") ?? 0) - (database.integer("PRAGMA freelist_count") ?? 0)
        let bound = try database.integer("PRAGMA max_page_count") ?? 1
        return Double(pages) / Double(max(1, bound))
    }

    private func remove(_ resolution: Resolution, before limit: Int64, in database: Database) throws(Fault) {
        let length = resolution.chunkLength
        guard let oldest = try oldest(resolution, in: database), oldest + length <= limit else { return }
        let end = min(limit - length, oldest + length * Self.stride)
        try database.run(
            "DELETE FROM chunks WHERE resolution = ? AND start <= ?", .integer(resolution.step), .integer(end))
    }

    /// A tenth of the seconds; of minutes when seconds are few, and of hours when minutes are.
    private func removeOldest(in database: Database) throws(Fault) {
        for resolution in Resolution.allCases {
            guard let oldest = try oldest(resolution, in: database),
                let newest = try database.integer(
                    "SELECT max(start) FROM chunks WHERE resolution = ?", .integer(resolution.step)),
                newest - oldest >= resolution.chunkLength * 12 || resolution == .hour
            else { continue }
            let limit = oldest + max(resolution.chunkLength, (newest - oldest) / 10)
            return try remove(resolution, before: limit, in: database)
        }
    }

    private func oldest(_ resolution: Resolution, in database: Database) throws(Fault) -> Int64? {
        try database.integer(
            "SELECT start FROM chunks WHERE resolution = ? ORDER BY start LIMIT 1", .integer(resolution.step))
    }
}
