internal import CAyaSystem

/// Signals of the process as numbers, read by a thread of their own.
///
/// A handler writes the number into a pipe and does nothing else, so no code runs in the middle of anything. Masks
/// would not do: the concurrency pool has threads before a program's first line runs, and they take signals too.
package struct SignalSource: Sendable {
    /// Something can be read from it when a signal has come.
    package let descriptor: Int32

    /// Takes over the given signals, and ignores SIGPIPE; once a process.
    package init(_ numbers: [Int32]) throws(SystemError) {
        let descriptor = unsafe aya_watch_signals(numbers, Int32(numbers.count))
        guard descriptor >= 0 else { throw SystemError(code: -descriptor) }
        self.descriptor = descriptor
    }

    /// Blocks the calling thread until a signal comes.
    package func next() -> Int32 { aya_next_signal(descriptor) }
}
