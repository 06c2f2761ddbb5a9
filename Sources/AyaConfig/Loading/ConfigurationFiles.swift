internal import AyaCore
internal import Glibc

/// Reads configuration files from the disk: the only part of loading that does.
enum ConfigurationFiles {
    struct Failure: Error {
        var diagnostics: [Diagnostic]
    }

    private static let endings = [".yaml", ".yml", ".json"]

    static func load(_ path: String, bounds: DocumentBounds) -> Result<[SourceFile], Failure> {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return .failure(failure(path, errno)) }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            return readFile(path, bounds: bounds).map { [$0] }
        }
        var files: [SourceFile] = []
        var problems: [Diagnostic] = []
        switch names(in: path) {
        case .failure(let failure): return .failure(failure)
        case .success(let names) where names.isEmpty:
            let message = "no configuration in '\(path)' (no file ends in .yaml, .yml or .json)"
            return .failure(Failure(diagnostics: [Diagnostic(.error, at: nil, message)]))
        case .success(let names):
            for name in names {
                switch readFile(path.hasSuffix("/") ? path + name : "\(path)/\(name)", bounds: bounds) {
                case .success(let file): files.append(file)
                case .failure(let failure): problems += failure.diagnostics
                }
            }
        }
        return problems.isEmpty ? .success(files) : .failure(Failure(diagnostics: problems))
    }

    /// What tells whether a file, or one of a directory's files, has changed: names, sizes, times and identities.
    static func stamps(of path: String) -> [String] {
        var paths = [path]
        if case .success(let names) = names(in: path) { paths += names.map { "\(path)/\($0)" } }
        return paths.map { path in
            var status = stat()
            guard unsafe stat(path, &status) == 0 else { return path }
            let time = "\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
            return "\(path) \(status.st_ino) \(status.st_size) \(time)"
        }
    }

    private static func names(in path: String) -> Result<[String], Failure> {
        guard let directory = unsafe opendir(path) else { return .failure(failure(path, errno)) }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            // Safe: d_name is terminated inside the entry, which stays valid until the next readdir.
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
            }
            if !name.hasPrefix("."), endings.contains(where: name.hasSuffix) { names.append(name) }
        }
        return .success(names.sorted())
    }

    private static func readFile(_ path: String, bounds: DocumentBounds) -> Result<SourceFile, Failure> {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return .failure(failure(path, errno)) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe read(descriptor, &chunk, chunk.count)
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                return .failure(failure(path, errno))
            }
            bytes += chunk[..<count]
            // One byte over the bound is enough to know; the loader says so.
            if bytes.count > bounds.fileSize.bytes { break }
        }
        return .success(SourceFile(name: path, bytes: bytes))
    }

    private static func failure(_ path: String, _ code: Int32) -> Failure {
        // Safe: strerror gives a terminated string.
        let reason = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
        let message = "can't read '\(path)': \(reason.lowercased())"
        return Failure(diagnostics: [Diagnostic(.error, at: nil, message)])
    }
}
