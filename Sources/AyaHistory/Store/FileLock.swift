internal import Glibc

/// Says that this process writes a file, for as long as it lives and has not given the lock back.
///
/// The system takes it back from a process that was killed, so a successor never waits for a dead one.
@safe final class FileLock {
    private let descriptor: Int32

    /// Nil while another process has it, or when there can be no lock at that path.
    init?(path: String) {
        let opened = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard opened >= 0 else { return nil }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            close(opened)
            return nil
        }
        descriptor = opened
    }

    deinit { close(descriptor) }
}
