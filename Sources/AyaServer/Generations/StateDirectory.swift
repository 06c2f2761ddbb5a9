internal import Glibc

/// A directory whose files outlast the process, and a crash: each is there whole or not at all.
struct StateDirectory: Sendable {
    let path: String

    /// Why something could not be kept.
    struct Fault: Error, CustomStringConvertible {
        let description: String

        init(_ what: String, _ code: Int32 = errno) {
            // Safe: strerror gives a terminated string.
            let reason = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
            description = "\(what): \(reason.lowercased())"
        }
    }

    private static let largestFile = 64 << 20

    /// Nil when the directory does not exist: then nothing is kept.
    init?(_ path: String) {
        guard unsafe access(path, F_OK) == 0 else { return nil }
        self.path = path
    }

    /// A directory inside, made when it is not there; for its owner alone.
    func subdirectory(_ name: String) throws(Fault) -> StateDirectory {
        let inner = "\(path)/\(name)"
        guard unsafe mkdir(inner, 0o700) == 0 || errno == EEXIST else { throw Fault("can't make '\(inner)'") }
        guard let made = StateDirectory(inner) else { throw Fault("can't read '\(inner)'") }
        return made
    }

    /// The names of its files, sorted.
    func names() throws(Fault) -> [String] {
        guard let directory = unsafe opendir(path) else { throw Fault("can't read '\(path)'") }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            // Safe: d_name is terminated inside the entry, which stays valid until the next readdir.
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    func read(_ name: String) throws(Fault) -> [UInt8] {
        let descriptor = unsafe open("\(path)/\(name)", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Fault("can't read '\(path)/\(name)'") }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count <= Self.largestFile {
            let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Fault("can't read '\(path)/\(name)'") }
            bytes += chunk[..<count]
        }
        throw Fault("can't read '\(path)/\(name)'", EFBIG)
    }

    /// Writes beside, makes sure that it is on the disk, and puts it in its place: whoever reads, now or after a crash,
    /// finds the old file or the new one.
    func write(_ name: String, _ bytes: [UInt8]) throws(Fault) {
        let draft = "\(path)/.\(name).\(getpid())"
        let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Fault("can't write '\(draft)'") }
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { bytes in
                unsafe Glibc.write(descriptor, bytes.baseAddress.map { unsafe $0 + written }, bytes.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            written += count
        }
        let isWhole = written == bytes.count && fsync(descriptor) == 0
        let code = errno
        close(descriptor)
        guard isWhole else {
            unsafe unlink(draft)
            throw Fault("can't write '\(draft)'", code)
        }
        guard unsafe rename(draft, "\(path)/\(name)") == 0 else {
            let code = errno
            unsafe unlink(draft)
            throw Fault("can't write '\(path)/\(name)'", code)
        }
        synchronize()
    }

    func remove(_ name: String) { unsafe unlink("\(path)/\(name)") }

    /// The directory itself, so that the new name is on the disk too.
    private func synchronize() {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
