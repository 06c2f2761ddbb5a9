internal import Glibc

/// A small file read whole: certificates, keys, OCSP answers.
struct SecretFile {
    var bytes: [UInt8]
    /// Who but the owner may read or change it.
    var isReadableByOthers: Bool

    /// Far more than a thousand certificates take.
    private static let largest = 8 << 20

    /// When it was changed, in nanoseconds since 1970; 0 when there is none.
    static func modified(_ path: String) -> Int64 {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return 0 }
        return Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
    }

    static func exists(_ path: String) -> Bool { unsafe access(path, R_OK) == 0 }

    init(_ path: String) throws(CertificateFault) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.unreadable(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw Self.unreadable(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw CertificateFault("can't read '\(path)': not a file") }
        isReadableByOthers = status.st_mode & 0o027 != 0
        bytes = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = unsafe read(descriptor, &chunk, chunk.count)
            if count == 0 { return }
            if count < 0 {
                if errno == EINTR { continue }
                throw Self.unreadable(path, errno)
            }
            bytes += chunk[..<count]
            guard bytes.count <= Self.largest else { throw CertificateFault("can't read '\(path)': it is too large") }
        }
    }

    private static func unreadable(_ path: String, _ code: Int32) -> CertificateFault {
        // Safe: strerror gives a terminated string.
        let reason = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
        return CertificateFault("can't read '\(path)': \(reason.lowercased())")
    }
}
