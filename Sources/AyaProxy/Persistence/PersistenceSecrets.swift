package import AyaConfig
internal import CAyaSystem
internal import Glibc

/// The secrets that seal inserted cookies: written in the configuration, in a file that it names, or Aya's own, which
/// is kept in the state directory so that cookies outlast a restart.
package struct PersistenceSecrets: Sendable {
    /// A file with a secret is missing, unreadable, or no secret.
    package struct Fault: Error, CustomStringConvertible {
        package let description: String
    }

    private var own: [UInt8] = []
    private var stated: [String: [UInt8]] = [:]
    /// What an operator should know: cookies that will not outlast a restart, a key that others can read.
    package private(set) var notice: String?

    static let fileName = "persistence.key"
    private static let shortest = 16

    /// None is needed or wanted: cookies last as long as the process.
    package init() { own = Self.random() }

    /// Those of a blueprint; makes Aya's own key when a pool needs it and it is not there. A key that is in use
    /// already stays.
    package init(_ blueprint: Blueprint, continuing former: PersistenceSecrets? = nil) throws(Fault) {
        own = former?.own ?? []
        for pool in blueprint.pools {
            guard case .cookie(let cookie) = pool.persistence?.key, cookie.mode == .insert else { continue }
            guard let text = cookie.secret else {
                if own.isEmpty { keepOwn(in: blueprint.state) }
                continue
            }
            stated[pool.name] = try Self.secret(text, pool: pool.name)
        }
    }

    func secret(ofPool pool: String) -> [UInt8] { stated[pool] ?? own }

    private static func secret(_ text: String, pool: String) throws(Fault) -> [UInt8] {
        let prefix = "file:"
        guard text.hasPrefix(prefix) else { return Array(text.utf8) }
        let path = String(text.dropFirst(prefix.count))
        guard let file = StateFile.read(path) else {
            throw Fault(description: "the secret of pool '\(pool)' can't be read from '\(path)': \(lastError())")
        }
        // The line break that editors put behind the last line is no part of it.
        var bytes = file.bytes
        while let last = bytes.last, last == 10 || last == 13 { bytes.removeLast() }
        guard bytes.count >= shortest else {
            throw Fault(description: "the secret of pool '\(pool)' in '\(path)' is shorter than \(shortest) bytes")
        }
        return bytes
    }

    private mutating func keepOwn(in directory: String) {
        let path = "\(directory)/\(Self.fileName)"
        if let file = StateFile.read(path), file.bytes.count >= Self.shortest {
            own = file.bytes
            if file.isOpenToOthers { notice = "the key of cookies in '\(path)' can be read by others" }
            return
        }
        let made = Self.random()
        if StateFile.create(path, made) {
            own = made
        } else if let file = StateFile.read(path), file.bytes.count >= Self.shortest {
            // Another process was faster.
            own = file.bytes
        } else {
            own = made
            notice =
                "cookies of persistence will not outlast a restart: no key can be kept in '\(directory)' "
                + "(make that directory, or set 'state' or a 'secret')"
        }
    }

    private static func random() -> [UInt8] {
        (0..<4).flatMap { _ in
            let word = aya_random_seed()
            return (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
        }
    }

    private static func lastError() -> String {
        // Safe: strerror gives a terminated string.
        unsafe strerror(errno).map { unsafe String(cString: $0) }?.lowercased() ?? "unknown"
    }
}

/// Small files with a secret in them.
private enum StateFile {
    static func read(_ path: String) -> (bytes: [UInt8], isOpenToOthers: Bool)? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            errno = EINVAL
            return nil
        }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe Glibc.read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { return nil }
        return (Array(bytes[..<count]), status.st_mode & 0o077 != 0)
    }

    /// Makes a file that only its owner can read, whole or not at all; false when it can't, or when it is there.
    static func create(_ path: String, _ bytes: [UInt8]) -> Bool {
        let draft = "\(path).\(getpid())"
        let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        let written = unsafe write(descriptor, bytes, bytes.count)
        let isSafe = fsync(descriptor) == 0
        close(descriptor)
        // Unlike a rename, a link does not replace what another process has put there meanwhile.
        let isLinked = unsafe written == bytes.count && isSafe && link(draft, path) == 0
        unsafe unlink(draft)
        return isLinked
    }
}
