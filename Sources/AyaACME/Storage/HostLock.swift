internal import Glibc

/// A lock on a file (flock(2)): it ends with its holder, however that ends.
final class HostLock {
    private let descriptor: Int32

    /// Nil while somebody else holds it.
    init?(_ path: String) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }
}
