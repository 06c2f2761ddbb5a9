internal import Glibc

/// Whether other processes share the directory: each holds a shared lock on one file, and whoever could have it alone
/// is alone. The lock ends with its process.
package final class Company {
    private let descriptor: Int32

    init?(_ path: String) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        guard flock(descriptor, LOCK_SH | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    var isAlone: Bool {
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            // A change of the lock that fails may have given it up (flock(2)).
            flock(descriptor, LOCK_SH | LOCK_NB)
            return false
        }
        flock(descriptor, LOCK_SH | LOCK_NB)
        return true
    }
}
