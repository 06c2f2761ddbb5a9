internal import Glibc

/// Why the last system call failed, in the system's words.
enum SystemReason {
    static var last: String { text(errno) }

    static func text(_ code: Int32) -> String {
        // Safe: strerror gives a terminated string; only the main thread of a command asks.
        unsafe strerror(code).map { unsafe String(cString: $0).lowercased() } ?? "error \(code)"
    }
}
