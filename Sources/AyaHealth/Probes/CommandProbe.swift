package import AyaCore
package import AyaReactor

/// Runs a program; exit status 0 is good. It is told the server by its environment, and the first line it writes is
/// the reason when it fails.
package struct CommandProbe: Probe {
    private let arguments: [String]
    private let environment: [(name: String, value: String)]

    package init(_ arguments: [String], pool: String, server: String, endpoint: BoundEndpoint) {
        self.arguments = arguments
        var environment = [("AYA_POOL", pool), ("AYA_SERVER", server)]
        switch endpoint {
        case .address(let address):
            environment += [("AYA_SERVER_ADDRESS", "\(address.ip)"), ("AYA_SERVER_PORT", "\(address.port)")]
        case .unix(let path): environment += [("AYA_SERVER_ADDRESS", path)]
        }
        self.environment = environment
    }

    package func ask(_ asker: Waiter, until deadline: Instant) async throws(ProbeFailure) {
        guard !arguments.isEmpty else { throw ProbeFailure("no command") }
        let process: ChildProcess
        do {
            process = try ChildProcess(arguments, environment: environment, waiter: asker)
        } catch {
            throw ProbeFailure("can not run '\(arguments[0])': \(ProbeFailure(error).reason)")
        }
        let output = asker.worker.buffers.takeSmall()
        defer {
            process.close()
            asker.worker.buffers.give(output)
        }
        guard let ending = await process.end(by: deadline, collecting: output, asker) else {
            throw ProbeFailure("the command did not end in time")
        }
        if ending == .exited(0) { return }
        let line = unsafe FirstLine(output.unread.span).text
        switch ending {
        case .exited(let status): throw ProbeFailure(line.isEmpty ? "exit status \(status)" : line)
        case .killed(let signal): throw ProbeFailure("the command was killed by signal \(signal)")
        }
    }
}

/// The first line of what a stranger wrote, fit for a log: bounded, printable.
struct FirstLine {
    let text: String

    init(_ bytes: Span<UInt8>) {
        var line: [UInt8] = []
        for index in 0..<min(bytes.count, 160) {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\n") { break }
            line.append(byte < 32 || byte == 127 ? UInt8(ascii: " ") : byte)
        }
        while line.last == UInt8(ascii: " ") { line.removeLast() }
        text = String(decoding: line, as: UTF8.self)
    }
}
