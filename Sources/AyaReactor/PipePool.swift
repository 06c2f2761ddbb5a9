/// The pipes of one worker, lent to relays that move bulk.
///
/// A pipe is two descriptors and kernel memory, and making one costs more than moving a small message. A relay holds
/// one only while bytes are in it, so a few serve any number of relays.
package final class PipePool {
    /// Bytes asked for a pipe. The kernel may grant less; what one relay can hold back is bounded by it. Measured in
    /// bulk over loopback: a quarter of a mebibyte costs a third less than a whole one, and 64 KiB a quarter more.
    package static let pipeSize = 256 << 10
    private static let kept = 64

    private var idle: [Pipe] = []

    init() { idle.reserveCapacity(Self.kept) }

    /// Nil when the process is out of descriptors: the caller goes on with a buffer.
    package func take() -> Pipe? { idle.popLast() ?? Pipe(capacity: Self.pipeSize) }

    /// Closes half of those that lie unused.
    func trim() { idle.removeLast(idle.count / 2) }

    /// A pipe with bytes in it belongs to a session that was cut; it is closed, never lent again.
    package func give(_ pipe: Pipe) {
        if pipe.count == 0, idle.count < Self.kept { idle.append(pipe) }
    }
}
