internal import Glibc

/// Lines for people, beside what a command prints on standard output.
enum StandardError {
    static func write(_ line: String) {
        var text = line + "\n"
        // Safe: the bytes are read during the call alone. Nothing can be done when nobody reads standard error.
        text.withUTF8 { bytes in _ = unsafe Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
    }
}
