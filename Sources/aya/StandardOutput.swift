internal import Glibc

/// Lines of an answer that goes on: each is there as soon as it is known, also for a program that reads along.
enum StandardOutput {
    /// False when nobody reads any more.
    static func write(_ line: String) -> Bool {
        var rest = Array((line + "\n").utf8)[...]
        while !rest.isEmpty {
            // Safe: the bytes are read during the call alone.
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count > 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return false }
        }
        return true
    }
}
