internal import CAyaSystem
internal import Glibc

/// Calls on bare descriptors that belong to no worker yet.
package enum Descriptors {
    package static func close(_ descriptor: Int32) { _ = aya_close(descriptor) }

    package static func duplicate(_ descriptor: Int32) -> Int32 { fcntl(descriptor, F_DUPFD_CLOEXEC, 3) }

    /// Whether the directory that a socket's file would be in exists.
    package static func hasDirectory(_ path: String) -> Bool {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return true }
        return unsafe access(String(path[..<slash]), F_OK) == 0
    }

    /// Who may connect to a socket's file. Nil when it was set; else why not.
    ///
    /// - Parameter group: a name or a number; nil: left as it is.
    package static func permit(_ path: String, mode: Int, group: String?) -> SystemError? {
        guard !path.hasPrefix("@") else { return nil }
        if let group {
            guard let number = UInt32(group) ?? identifier(of: group) else { return SystemError(code: ENOENT) }
            guard unsafe chown(path, uid_t.max, number) == 0 else { return SystemError(code: errno) }
        }
        return unsafe chmod(path, mode_t(mode)) == 0 ? nil : SystemError(code: errno)
    }

    private static func identifier(of group: String) -> gid_t? {
        // Safe: the entry is read before anybody asks for another; groups are looked up while configurations are
        // prepared, one at a time.
        unsafe getgrnam(group).map { unsafe $0.pointee.gr_gid }
    }

    package static func removeSocketFile(_ path: String) { unsafe unlink(path) }
}
