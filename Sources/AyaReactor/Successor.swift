internal import CAyaSystem
internal import Glibc

/// A process that takes over from this one: it inherits what listens here, and says when it serves.
package struct Successor: Sendable {
    package let process: Int32
    private let readiness: Int32

    /// A descriptor to hand over, under a name that the successor finds it by.
    package struct Bequest: Sendable {
        package var name: String
        package var descriptor: Int32

        package init(name: String, descriptor: Int32) {
            self.name = name
            self.descriptor = descriptor
        }
    }

    package enum Outcome: Sendable, Equatable {
        case serves
        case ended(status: Int)
        case killed(signal: Int)
        /// It did not say anything in time, and was ended.
        case late
    }

    /// Starts `program` with our own arguments.
    package init(_ program: String, arguments: [String], _ bequests: [Bequest]) throws(SystemError) {
        var ends: (reading: Int32, writing: Int32) = (-1, -1)
        let code = unsafe aya_byte_pipe(&ends.reading, &ends.writing)
        guard code == 0 else { throw SystemError(code: -code) }
        defer { Descriptors.close(ends.writing) }
        let lines = ["\(ends.writing) \(Inheritance.readinessName)"] + bequests.map { "\($0.descriptor) \($0.name)" }
        let variable = unsafe strdup("\(Inheritance.variable)=\(lines.joined(separator: "\n"))")
        let words: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) } + [nil]
        defer { unsafe (words + [variable]).forEach { unsafe free($0) } }
        let descriptors = [ends.writing] + bequests.map(\.descriptor)
        let process = unsafe aya_spawn_successor(program, words, variable, descriptors, Int32(descriptors.count))
        guard process > 0 else {
            Descriptors.close(ends.reading)
            throw SystemError(code: -process)
        }
        self.process = process
        readiness = ends.reading
    }

    /// Blocks until it serves or has ended; one that takes longer than `patience` is ended.
    package func wait(patience: Duration) -> Outcome {
        defer { Descriptors.close(readiness) }
        let milliseconds = Int32(clamping: patience.components.seconds &* 1_000)
        switch aya_await_byte(readiness, milliseconds) {
        case 1: return .serves
        case 0:
            let status = Int(aya_await_end(process))
            return status < 256 ? .ended(status: status) : .killed(signal: status - 256)
        default:
            aya_kill_process(process)
            _ = aya_await_end(process)
            return .late
        }
    }
}
