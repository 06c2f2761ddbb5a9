internal import AyaCore
internal import Glibc

/// A file that is only ever appended to; rotated by its size or at fixed times, or by others, who rename it and have it
/// reopened.
package final class FileSink: LogSink {
    package let limits = LogBatchLimits.local
    private let path: String
    private let rotation: LogRotation
    private var descriptor: Int32 = -1
    private var size = 0
    /// Which stretch of time the file's records are of, when it is rotated by age.
    private var period: Int64 = 0

    /// Opening the file failed.
    package struct OpenError: Error, CustomStringConvertible {
        package let path: String
        package let code: Int32
        package var description: String { "can not open access log '\(path)': \(SystemCall.message(code))" }
    }

    package init(path: String, rotation: LogRotation = LogRotation()) throws(OpenError) {
        self.path = path
        self.rotation = rotation
        let code = open()
        guard code == 0 else { throw OpenError(path: path, code: code) }
    }

    deinit { if descriptor >= 0 { _ = Glibc.close(descriptor) } }

    /// 0 or the error. On an error, a file that was open stays so.
    private func open() -> Int32 {
        let opened = unsafe Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0o640)
        guard opened >= 0 else { return errno }
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
        descriptor = opened
        var facts = stat()
        if unsafe fstat(opened, &facts) == 0 {
            size = Int(facts.st_size)
            period = rotation.period(at: size > 0 ? Int64(facts.st_mtim.tv_sec) : Self.now)
        }
        return 0
    }

    package func deliver(_ batch: LogBatch) -> LogDelivery {
        if rotation.isDue(size: size, period: period, now: Self.now) { rotate() }
        let bytes = unsafe batch.bytes
        let count = unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        if count > 0 {
            size += count
            batch.take(bytes: count)
            return .done
        }
        let code = count == 0 ? EIO : errno
        if code == EINTR { return .done }
        // A full disk may be emptied; a pipe without a reader stays broken.
        let isForGood = code == EPIPE || code == EBADF || code == EINVAL
        return isForGood ? .refused(SystemCall.message(code)) : .failed(SystemCall.message(code))
    }

    package func reopen() -> String? {
        let code = open()
        return code == 0 ? nil : SystemCall.message(code)
    }

    package func close() {
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
        descriptor = -1
    }

    /// `access.log` becomes `access.log.1`, that becomes `access.log.2`, and so on. What can not be renamed is written
    /// on: a log that is too long is better than none.
    private func rotate() {
        // Another process may have rotated it; then the file of that name is already the next one.
        if isOurs {
            for index in stride(from: rotation.keep, to: 0, by: -1) {
                let older = "\(path).\(index)"
                let newer = index == 1 ? path : "\(path).\(index - 1)"
                unsafe rename(newer, older)
            }
            if rotation.keep == 0 { unsafe unlink(path) }
        }
        if open() != 0 || size > 0 { period = rotation.period(at: Self.now) }
    }

    private var isOurs: Bool {
        var (ours, named) = (stat(), stat())
        guard unsafe fstat(descriptor, &ours) == 0, unsafe stat(path, &named) == 0 else { return false }
        return ours.st_ino == named.st_ino && ours.st_dev == named.st_dev
    }

    private static var now: Int64 { SystemCall.wallClock() / 1_000_000_000 }
}

/// When a log's file is put aside, and how many of those are kept.
package struct LogRotation: Hashable, Sendable {
    /// Bytes; nil: whatever its size.
    package var size: Int?
    /// Seconds, counted from 1970 in UTC: a day's log begins at midnight, whenever Aya was started; nil: never.
    package var age: Int64?
    package var keep: Int

    package init(size: Int? = nil, age: Int64? = nil, keep: Int = 7) {
        self.size = size
        self.age = age.map { max(1, $0) }
        self.keep = max(0, keep)
    }

    func period(at time: Int64) -> Int64 { age.map { time / $0 } ?? 0 }

    func isDue(size: Int, period: Int64, now: Int64) -> Bool {
        guard size > 0 else { return false }
        if let limit = self.size, size >= limit { return true }
        // A clock that jumps back by a moment is no reason.
        return age != nil && self.period(at: now) > period
    }
}
