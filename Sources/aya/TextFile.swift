internal import ArgumentParser
internal import Glibc

/// A file that a command reads as text and may replace.
struct TextFile {
    static let standardInput = TextFile(path: nil)

    private let path: String?

    init(path: String) { self.init(path: path == "-" ? nil : path) }
    private init(path: String?) { self.path = path }

    /// As it stands in messages.
    var name: String { path ?? "standard input" }

    func read() throws -> String {
        let descriptor = try path.map { try Self.open($0) } ?? STDIN_FILENO
        defer { if path != nil { close(descriptor) } }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { break }
            if count > 0 { bytes += chunk[..<count] } else if errno != EINTR { throw failure("read") }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whoever reads the file meanwhile sees the old text or the new, never a part: it is written beside and renamed.
    func replace(with text: String) throws {
        guard let path else { return }
        let target = Self.resolved(path)
        var status = stat()
        guard unsafe stat(target, &status) == 0 else { throw failure("read") }
        let beside = "\(target).\(getpid()).new"
        let descriptor = unsafe Glibc.open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, status.st_mode & 0o7777)
        guard descriptor >= 0 else { throw failure("write") }
        fchmod(descriptor, status.st_mode & 0o7777)
        _ = fchown(descriptor, status.st_uid, status.st_gid)
        let isWritten = Self.write(text, to: descriptor) && fsync(descriptor) == 0
        guard close(descriptor) == 0, isWritten, unsafe rename(beside, target) == 0 else {
            let reason = failure("write")
            unsafe unlink(beside)
            throw reason
        }
    }

    /// A new file; one that exists stays as it is.
    func create(with text: String) throws {
        guard let path else { return print(text, terminator: "") }
        let descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure("write") }
        let isWritten = Self.write(text, to: descriptor)
        guard close(descriptor) == 0, isWritten else { throw failure("write") }
    }

    private static func write(_ text: String, to descriptor: Int32) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            // Safe: the bytes are read during the call alone.
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return false }
        }
        return true
    }

    /// Behind symbolic links, so that a link stays one.
    private static func resolved(_ path: String) -> String {
        guard let real = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(real) }
        return unsafe String(cString: real)
    }

    private static func open(_ path: String) throws -> Int32 {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw TextFile(path: path).failure("read") }
        return descriptor
    }

    private func failure(_ what: String) -> ExitCode {
        Exit.failure("can't \(what) '\(name)': \(SystemReason.last)")
    }
}
