package import AyaConfig
internal import AyaCore
internal import Glibc

/// Reads the imported files from the disk: the only part of an import that does.
package enum ImportFiles {
    package struct Failure: Error {
        package let reason: String
    }

    package static func read(_ path: String) -> Result<SourceFile, Failure> {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return .failure(Failure(reason: reason(errno))) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                return .failure(Failure(reason: reason(errno)))
            }
            bytes += chunk[..<count]
            // One byte over the bound is enough to know; the importer says so.
            if bytes.count > Importer.mostBytes { break }
        }
        return .success(SourceFile(name: path, bytes: bytes))
    }

    /// What an `include` of a file at `root` names: relative to the directory of that first file, as nginx and Caddy take
    /// it, with the wildcards of glob(7).
    package static func includes(of root: String) -> IncludeReader {
        let directory = root.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        return { pattern, _ in
            let path = pattern.hasPrefix("/") ? pattern : root.contains("/") ? "\(directory)/\(pattern)" : pattern
            let paths = matches(path)
            let isPattern = pattern.contains { "*?[".contains($0) }
            if paths.isEmpty { return isPattern ? [] : nil }
            var files: [SourceFile] = []
            for path in paths {
                guard case .success(let file) = read(path) else { return nil }
                files.append(file)
            }
            return files
        }
    }

    private static func matches(_ pattern: String) -> [String] {
        var found = unsafe glob_t()
        defer { unsafe globfree(&found) }
        // Safe: glob fills the list with `gl_pathc` terminated strings, which live until globfree.
        guard unsafe glob(pattern, 0, nil, &found) == 0, let list = unsafe found.gl_pathv else { return [] }
        var paths: [String] = []
        for index in 0..<min(Int(unsafe found.gl_pathc), 1000) {
            if let path = unsafe list[index] { paths.append(unsafe String(cString: path)) }
        }
        return paths
    }

    private static func reason(_ code: Int32) -> String {
        // Safe: strerror gives a terminated string.
        unsafe strerror(code).map { unsafe String(cString: $0) }?.lowercased() ?? "error \(code)"
    }
}
