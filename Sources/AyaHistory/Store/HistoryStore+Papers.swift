/// What others write about the series, such as what the brain has concluded: a few texts that share the life of the
/// store.
extension HistoryStore {
    func keep(_ paper: [UInt8], as name: String) throws(Fault) {
        try file.database().run(
            "INSERT INTO papers (name, body) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body",
            .text(name), .blob(paper))
    }

    func paper(_ name: String) throws(Fault) -> [UInt8]? {
        var found: [UInt8]?
        try file.database().run("SELECT body FROM papers WHERE name = ?", .text(name)) { row in found = row.blob(0) }
        return found
    }

    /// Removes all, so that they can't be read from the file any more.
    func discardPapers() throws(Fault) {
        let database = try file.database()
        try database.execute("PRAGMA secure_delete = ON; DELETE FROM papers")
        try? database.execute("PRAGMA secure_delete = OFF; PRAGMA wal_checkpoint(TRUNCATE)")
    }
}
