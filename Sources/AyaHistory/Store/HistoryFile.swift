internal import CAyaSQLite
internal import Glibc

/// The database of a store: opens it, has it hold what a store needs, and sets it aside when it is damaged.
///
/// Of several processes one writes, the first; when it ends, or is killed, another takes over.
final class HistoryFile {
    typealias Fault = Database.Fault

    static let name = "history.sqlite"
    private static let version: Int64 = 1
    /// `aya1`.
    private static let application: Int64 = 0x6179_6131

    let settings: Settings
    private var opened: Database?
    private var lock: FileLock?

    init(_ settings: Settings) { self.settings = settings }

    private var path: String? {
        switch settings.place {
        case .memory: nil
        case .directory(let directory): "\(directory)/\(Self.name)"
        }
    }

    /// Whether this process is the one that writes; tries to become it.
    var isWriter: Bool {
        guard let path else { return true }
        if lock == nil { lock = FileLock(path: path + ".lock") }
        return lock != nil
    }

    /// Opens it when it is not.
    func database() throws(Fault) -> Database {
        if let opened { return opened }
        if let path { Self.make(path) }
        let database = try Database(path: path ?? ":memory:")
        try prepare(database)
        opened = database
        return database
    }

    /// For its owner alone; what SQLite puts beside it is like it.
    private static func make(_ path: String) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        if descriptor >= 0 { Glibc.close(descriptor) }
    }

    /// Closes it, and lets another process write.
    func close() {
        // What is in the log of writes goes into the file, so that the successor begins with a short one.
        if lock != nil { try? opened?.execute("PRAGMA wal_checkpoint(PASSIVE)") }
        opened = nil
        lock = nil
    }

    /// To be opened anew, as after a fault.
    func reopen() { opened = nil }

    /// Takes a damaged file out of the way; its name now. Only for who writes.
    func setAside() -> String? {
        guard let path, lock != nil else { return nil }
        opened = nil
        let name = path + ".damaged"
        guard unsafe rename(path, name) == 0 else { return nil }
        for suffix in ["-wal", "-shm"] { unsafe unlink(path + suffix) }
        return name
    }

    private static let papers = """
        CREATE TABLE IF NOT EXISTS papers (name TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID
        """

    private func prepare(_ database: Database) throws(Fault) {
        // Before there is a table: the file gives back what it does not need.
        try database.execute("PRAGMA auto_vacuum = INCREMENTAL")
        if path != nil { try database.execute("PRAGMA journal_mode = WAL") }
        let pageSize = try database.integer("PRAGMA page_size") ?? 4_096
        let pages = max(64, Int64(settings.size) / max(512, pageSize))
        // A killed process loses nothing that was committed, a machine without power the last seconds, neither the file.
        try database.execute(
            """
            PRAGMA synchronous = NORMAL;
            PRAGMA journal_size_limit = 8388608;
            PRAGMA cache_size = -4096;
            PRAGMA max_page_count = \(pages);
            """)
        let found = try database.integer("PRAGMA user_version") ?? 0
        guard found <= Self.version else {
            throw Fault(code: SQLITE_MISMATCH, description: "it was written by a later version of Aya")
        }
        guard found < Self.version else {
            // Came later; files without it are as good.
            if isWriter { try database.execute(Self.papers) }
            return
        }
        guard isWriter else { throw Fault(code: SQLITE_BUSY, description: "another process is about to make it") }
        try database.transaction { () throws(Fault) in
            try database.execute(
                """
                CREATE TABLE IF NOT EXISTS subjects (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE);
                CREATE TABLE IF NOT EXISTS chunks (
                    resolution INTEGER NOT NULL, start INTEGER NOT NULL, subject INTEGER NOT NULL, data BLOB NOT NULL,
                    PRIMARY KEY (resolution, start, subject)) WITHOUT ROWID;
                CREATE TABLE IF NOT EXISTS marks (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
                \(Self.papers);
                PRAGMA application_id = \(Self.application);
                PRAGMA user_version = \(Self.version);
                """)
        }
    }
}
