internal import AyaCore
internal import Glibc
internal import Synchronization

/// The file or stream behind the access log. Only the writer's thread writes; opening happens there or before it runs.
final class LogFile: Sendable {
    /// Nil: standard error, which is never reopened or closed.
    private let path: String?
    private let descriptor: Atomic<Int32>

    init(path: String) {
        self.path = path
        descriptor = Atomic(-1)
    }

    init(standardError: Void) {
        path = nil
        descriptor = Atomic(STDERR_FILENO)
    }

    /// Opens the file, or opens it again; 0 or the error. On an error, a file that was open stays so.
    func open() -> Int32 {
        guard let path else { return 0 }
        let opened = unsafe Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0o640)
        guard opened >= 0 else { return errno }
        let previous = descriptor.exchange(opened, ordering: .relaxed)
        if previous >= 0 { _ = Glibc.close(previous) }
        return 0
    }

    /// Writes once and consumes what was written; 0 or the error.
    func write(_ buffer: Buffer) -> Int32 {
        let target = descriptor.load(ordering: .relaxed)
        let bytes = unsafe buffer.unread
        let count = unsafe Glibc.write(target, bytes.baseAddress, bytes.count)
        if count > 0 {
            buffer.consume(count)
            return 0
        }
        return count == 0 ? EIO : errno == EINTR ? 0 : errno
    }

    /// A full disk may be emptied and a slow reader may catch up; a pipe without a reader stays broken.
    func isWorthRetrying(_ code: Int32) -> Bool { code != EPIPE && code != EBADF && code != EINVAL }

    func close() {
        guard path != nil else { return }
        let last = descriptor.exchange(-1, ordering: .relaxed)
        if last >= 0 { _ = Glibc.close(last) }
    }
}
