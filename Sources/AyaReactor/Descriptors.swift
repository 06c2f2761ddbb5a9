internal import CAyaSystem
internal import Glibc

/// Calls on bare descriptors that belong to no worker yet.
package enum Descriptors {
    package static func close(_ descriptor: Int32) { _ = aya_close(descriptor) }

    package static func duplicate(_ descriptor: Int32) -> Int32 { fcntl(descriptor, F_DUPFD_CLOEXEC, 3) }

    package static func removeSocketFile(_ path: String) { unsafe unlink(path) }
}
