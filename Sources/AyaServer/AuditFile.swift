internal import AyaTelemetry
internal import Glibc
internal import Synchronization

/// The audit log on the disk: a line of JSON for each change that was asked for, only ever appended, and synchronised
/// before the change is answered.
///
/// When the disk is full or fails, changes go on: that they are not kept stands in the log, in `/v1/audit` and in the
/// health of the process, and each later change tries again.
final class AuditFile: Sendable {
    static let name = "audit.jsonl"
    /// A file that has grown so large is put aside under a name with a number; the oldest goes.
    private static let largest = 16 << 20
    private static let kept = 8

    private let directory: String?
    private let log: Log
    private let trouble = Mutex<String?>("no state directory")

    /// - Parameter path: of the state directory. It need not exist; then nothing is kept.
    init(stateDirectory path: String, log: Log) {
        self.log = log
        let isThere = unsafe access(path, F_OK) == 0
        directory = isThere ? path : nil
        if isThere { trouble.withLock { $0 = nil } }
    }

    /// Why the latest change is not on the disk; nil when it is.
    var problem: String? { trouble.withLock { $0 } }

    /// Blocks until the line is on the disk, or is not.
    func append(_ line: [UInt8]) {
        guard let directory else { return }
        let fault = Self.append(line, to: "\(directory)/\(Self.name)")
        let former = trouble.withLock { trouble in
            defer { trouble = fault }
            return trouble
        }
        if let fault {
            log.error("a change is not kept in the audit log", ["reason": fault])
        } else if former != nil {
            log.notice("changes are kept in the audit log again", [:])
        }
    }

    /// Nil when it was done; else why not.
    private static func append(_ line: [UInt8], to path: String) -> String? {
        rotate(path)
        let descriptor = unsafe open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return StateDirectory.Fault("can't open '\(path)'").description }
        defer { close(descriptor) }
        let end = lseek(descriptor, 0, SEEK_END)
        // One call, so that lines of two processes during an upgrade do not mix.
        let count = unsafe line.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        guard count == line.count, fdatasync(descriptor) == 0 else {
            let fault = StateDirectory.Fault("can't write '\(path)'", count >= 0 && count < line.count ? ENOSPC : errno)
            // Half a line would spoil the next one.
            if count > 0, end >= 0 { _ = ftruncate(descriptor, end) }
            return fault.description
        }
        return nil
    }

    private static func rotate(_ path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_size > largest else { return }
        for number in stride(from: kept - 1, to: 0, by: -1) {
            unsafe rename(number == 1 ? path : "\(path).\(number - 1)", "\(path).\(number)")
        }
    }

    /// The last lines of the file, the newest last.
    func latest(_ count: Int) -> [[UInt8]] {
        guard let directory, let state = StateDirectory(directory), let bytes = try? state.read(Self.name) else {
            return []
        }
        return bytes.split(separator: 10).suffix(count).map { Array($0) }
    }
}
