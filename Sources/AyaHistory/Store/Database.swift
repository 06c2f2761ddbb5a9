internal import CAyaSQLite

/// A connection to an SQLite database, for one thread.
///
/// Only what the store needs: plain statements, integers, texts and blobs.
@safe final class Database {
    // Safe: open from `init` to `deinit`; every statement is finalized before.
    private let handle: OpaquePointer
    private var statements: [String: Statement] = [:]

    struct Fault: Error, CustomStringConvertible {
        let code: Int32
        let description: String

        /// The file is no database, or a damaged one.
        var isDamage: Bool { code == SQLITE_CORRUPT || code == SQLITE_NOTADB }
    }

    /// - Parameter path: `:memory:` for one that nobody else sees.
    init(path: String) throws(Fault) {
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        let code = unsafe sqlite3_open_v2(path, &opened, flags, nil)
        guard code == SQLITE_OK, let opened = unsafe opened else {
            let reason = unsafe opened.map { unsafe Self.message($0) } ?? "out of memory"
            unsafe sqlite3_close_v2(opened)
            throw Fault(code: code, description: reason)
        }
        unsafe handle = opened
        unsafe sqlite3_busy_timeout(opened, 2_000)
    }

    deinit {
        statements = [:]
        unsafe sqlite3_close_v2(handle)
    }

    private static func message(_ handle: OpaquePointer) -> String {
        unsafe sqlite3_errmsg(handle).map { unsafe String(cString: $0) } ?? "unknown"
    }

    fileprivate func fault(_ code: Int32) -> Fault {
        Fault(code: code & 0xff, description: unsafe Self.message(handle))
    }

    /// Statements without parameters and answers, separated by semicolons.
    func execute(_ text: String) throws(Fault) {
        let code = unsafe sqlite3_exec(handle, text, nil, nil, nil)
        guard code == SQLITE_OK else { throw fault(code) }
    }

    /// Either everything that `body` does is done, or nothing.
    func transaction(_ body: () throws(Fault) -> Void) throws(Fault) {
        try execute("BEGIN IMMEDIATE")
        do throws(Fault) {
            try body()
            try execute("COMMIT")
        } catch {
            try? execute("ROLLBACK")
            throw error
        }
    }

    /// Compiled once for each text.
    func statement(_ text: String) throws(Fault) -> Statement {
        if let known = statements[text] { return known }
        var compiled: OpaquePointer?
        let code = unsafe sqlite3_prepare_v3(handle, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &compiled, nil)
        guard code == SQLITE_OK, let compiled = unsafe compiled else { throw fault(code) }
        let statement = unsafe Statement(compiled)
        statements[text] = statement
        return statement
    }

    /// Runs a statement; `row` is called for each row of the answer.
    func run(_ text: String, _ values: Value..., row: (Row) -> Void = { _ in }) throws(Fault) {
        let statement = try statement(text)
        let code = statement.run(values, row)
        guard code == SQLITE_DONE else { throw fault(code) }
    }

    /// The first column of the first row.
    func integer(_ text: String, _ values: Value...) throws(Fault) -> Int64? {
        var found: Int64?
        let statement = try statement(text)
        let code = statement.run(values) { row in found = found ?? row.integer(0) }
        guard code == SQLITE_DONE else { throw fault(code) }
        return found
    }

    /// Rows that the statement before has inserted, changed or deleted.
    var changes: Int { Int(unsafe sqlite3_changes64(handle)) }
    var lastRow: Int64 { unsafe sqlite3_last_insert_rowid(handle) }
}

/// A parameter of a statement.
enum Value {
    case integer(Int64)
    case text(String)
    case blob([UInt8])
}

/// A compiled statement.
@safe final class Statement {
    // Safe: finalized in `deinit` alone; its database holds it and outlives it.
    private let handle: OpaquePointer

    fileprivate init(_ handle: OpaquePointer) { unsafe self.handle = handle }
    deinit { unsafe sqlite3_finalize(handle) }

    /// The code at the end: `SQLITE_DONE` when all went well.
    fileprivate func run(_ values: [Value], _ row: (Row) -> Void) -> Int32 {
        defer {
            unsafe sqlite3_reset(handle)
            unsafe sqlite3_clear_bindings(handle)
        }
        for (index, value) in values.enumerated() {
            let code = bind(value, at: Int32(index) + 1)
            if code != SQLITE_OK { return code }
        }
        while true {
            let code = unsafe sqlite3_step(handle)
            guard code == SQLITE_ROW else { return code }
            row(unsafe Row(handle: handle))
        }
    }

    private func bind(_ value: Value, at index: Int32) -> Int32 {
        // Safe: the value -1 has SQLite copy what it is given before the call returns (SQLITE_TRANSIENT).
        let copied = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        return switch value {
        case .integer(let number): unsafe sqlite3_bind_int64(handle, index, number)
        case .text(let text): unsafe sqlite3_bind_text(handle, index, text, -1, copied)
        case .blob(let bytes):
            unsafe bytes.withUnsafeBytes {
                unsafe sqlite3_bind_blob64(handle, index, $0.baseAddress, UInt64($0.count), copied)
            }
        }
    }
}

/// The row that a statement stands at, for as long as it stands there.
@safe struct Row {
    // Safe: used within the call that it is handed to, while its statement stands at the row.
    fileprivate let handle: OpaquePointer

    func integer(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(handle, column) }

    /// Nil for NULL.
    func optionalInteger(_ column: Int32) -> Int64? {
        unsafe sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : integer(column)
    }

    func text(_ column: Int32) -> String {
        unsafe sqlite3_column_text(handle, column).map { unsafe String(cString: $0) } ?? ""
    }

    func blob(_ column: Int32) -> [UInt8] {
        let count = Int(unsafe sqlite3_column_bytes(handle, column))
        guard count > 0, let start = unsafe sqlite3_column_blob(handle, column) else { return [] }
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }
}
