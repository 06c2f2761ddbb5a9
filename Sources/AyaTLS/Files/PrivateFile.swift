internal import Glibc

/// Files that hold keys: for their owner alone, and there as a whole or not at all.
package enum PrivateFile {
    /// Puts a new file there; false when there is one already, or when it can't be.
    package static func put(_ bytes: [UInt8], at path: String) -> Bool {
        guard let draft = draft(bytes, for: path) else { return false }
        // Unlike a rename, a link does not replace what another process has put there meanwhile.
        let isLinked = unsafe link(draft, path) == 0
        unsafe unlink(draft)
        return isLinked
    }

    /// Puts it there in place of what was; false when it can't be.
    package static func replace(_ bytes: [UInt8], at path: String) -> Bool {
        guard let draft = draft(bytes, for: path) else { return false }
        if unsafe rename(draft, path) == 0 { return true }
        unsafe unlink(draft)
        return false
    }

    /// Nil when it can't be read.
    package static func read(_ path: String) -> [UInt8]? {
        do throws(CertificateFault) { return try SecretFile(path).bytes } catch { return nil }
    }

    /// When it was changed, in nanoseconds since 1970; 0 when there is none.
    package static func modified(_ path: String) -> Int64 { SecretFile.modified(path) }

    /// The names in a directory, but for hidden ones; none when it can't be read.
    package static func names(in directory: String) -> [String] {
        guard let listing = unsafe opendir(directory) else { return [] }
        defer { unsafe closedir(listing) }
        var names: [String] = []
        while let entry = unsafe readdir(listing) {
            // Safe: d_name is terminated inside the entry, which stays valid until the next readdir.
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }

    /// It is there, and this process may run it.
    package static func isExecutable(_ path: String) -> Bool { unsafe access(path, X_OK) == 0 }

    package static func remove(_ path: String) { unsafe unlink(path) }

    /// A directory for the owner alone; true when it is there in the end. Its parent must be there.
    package static func makeDirectory(_ path: String) -> Bool {
        guard unsafe mkdir(path, 0o700) != 0 else { return true }
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func draft(_ bytes: [UInt8], for path: String) -> String? {
        let draft = "\(path).\(getpid())"
        unsafe unlink(draft)
        let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        let written = unsafe write(descriptor, bytes, bytes.count)
        let isSafe = written == bytes.count && fsync(descriptor) == 0
        close(descriptor)
        if isSafe { return draft }
        unsafe unlink(draft)
        return nil
    }
}
