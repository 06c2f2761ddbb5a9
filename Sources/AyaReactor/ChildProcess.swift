package import AyaCore
internal import CAyaSystem
internal import Glibc

/// A program that runs beside Aya: its end is an event like any other, so nobody blocks for it.
///
/// It leads a process group of its own, so that killing it takes what it started along.
package final class ChildProcess {
    private let process: Int32
    private let handle: Socket
    private let output: Socket
    private var isReaped = false

    package enum Ending: Equatable, Sendable {
        case exited(Int)
        case killed(signal: Int)
    }

    /// Starts the program, found by `PATH`, with `environment` added to Aya's own; events go to `waiter`.
    package init(
        _ arguments: [String], environment: [(name: String, value: String)], waiter: Waiter
    ) throws(SystemError) {
        var output: Int32 = -1
        var handle: Int32 = -1
        let words = unsafe Self.copies(arguments)
        let variables = unsafe Self.copies(environment.map { "\($0.name)=\($0.value)" })
        defer { unsafe (words + variables).forEach { unsafe free($0) } }
        let process = unsafe aya_spawn(words, variables, &output, &handle)
        guard process > 0 else { throw SystemError(code: -process) }
        self.process = process
        self.handle = Socket(handle, worker: waiter.worker)
        self.output = Socket(output, worker: waiter.worker)
        self.handle.waiter = waiter
        self.output.waiter = waiter
    }

    /// How it ended; nil while it runs.
    package func ending() -> Ending? {
        guard !isReaped else { return nil }
        let status = aya_reap(process)
        guard status >= 0 else { return nil }
        isReaped = true
        return status < 256 ? .exited(Int(status)) : .killed(signal: Int(status) - 256)
    }

    /// How it ended, with what it wrote before in the buffer; nil when that took longer, and it was killed.
    package func end(by deadline: Instant, collecting output: Buffer, _ waiter: Waiter) async -> Ending? {
        if let ending = await awaitEnd(output, waiter, until: deadline) { return ending }
        kill()
        // A killed process is gone within a moment; waiting for it keeps it from staying behind as a zombie.
        _ = await awaitEnd(output, waiter, until: waiter.worker.now + .seconds(1))
        return nil
    }

    private func awaitEnd(_ output: Buffer, _ waiter: Waiter, until deadline: Instant) async -> Ending? {
        while true {
            collect(into: output)
            if let ending = ending() {
                collect(into: output)
                return ending
            }
            guard isWatched, await waiter.wait(until: deadline) else { return nil }
        }
    }

    /// Moves what it has written so far into the buffer; what does not fit is dropped, so that it never blocks on us.
    package func collect(into buffer: Buffer) {
        guard output.isOpen else { return }
        unsafe withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 16) { spare in
            while true {
                let isFull = buffer.room == 0
                let room = unsafe isFull ? spare : buffer.free
                let count = unsafe aya_read(output.descriptor, room.baseAddress, room.count)
                guard count > 0 else { return }
                if !isFull { buffer.commit(count) }
            }
        }
    }

    /// False once the worker has given up its sockets: nobody will be told of the end.
    package var isWatched: Bool { handle.isOpen }

    package func kill() {
        if !isReaped { aya_kill_group(process) }
    }

    /// Forgets the descriptors; the process must have ended, or it is left to itself.
    package func close() {
        handle.close()
        output.close()
    }

    /// A list that ends with null, as exec(3) wants it.
    private static func copies(_ strings: [String]) -> [UnsafeMutablePointer<CChar>?] {
        unsafe strings.map { unsafe strdup($0) } + [nil]
    }
}
