internal import CAyaSystem
internal import Glibc

/// Whether other processes share the directory: each holds a shared lock on one file, and asks who else does. The lock
/// ends with its process.
package final class Company {
    private let descriptor: Int32

    init?(_ path: String) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        guard aya_lock_shared(descriptor) == 0 else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Where the system does not tell, somebody may be there.
    var isAlone: Bool { aya_others_lock(descriptor) == 0 }
}
