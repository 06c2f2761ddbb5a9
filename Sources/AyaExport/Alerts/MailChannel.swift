internal import AyaCore
package import AyaReactor

/// Mail by SMTP (RFC 5321), to a server that takes it from this machine: no authentication, no TLS.
package struct MailChannel: AlertChannel {
    private let from: String
    private let to: [String]
    private let resolve: @Sendable () -> BoundEndpoint?

    package init(from: String, to: [String], resolve: @escaping @Sendable () -> BoundEndpoint?) {
        self.from = from
        self.to = to
        self.resolve = resolve
    }

    package func tell(_ notice: AlertNotice) async -> String? {
        // A thread of its own: the conversation blocks, and comes twice a day.
        await withCheckedContinuation { continuation in
            let thread = PlainThread { continuation.resume(returning: send(notice)) }
            if !thread.start() { continuation.resume(returning: "the system has no thread") }
        }
    }

    private func send(_ notice: AlertNotice) -> String? {
        guard let endpoint = resolve() else { return "the mail server has no address" }
        do {
            let session = try MailSession(endpoint)
            try session.expect("220")
            try session.say(
                "EHLO \(notice.host.filter { $0.isLetter || $0.isNumber || $0 == "." || $0 == "-" })", "250")
            try session.say("MAIL FROM:<\(from)>", "250")
            for receiver in to { try session.say("RCPT TO:<\(receiver)>", "25") }
            try session.say("DATA", "354")
            try session.say(message(notice) + "\r\n.", "250")
            try? session.say("QUIT", "221")
            return nil
        } catch {
            return "\(endpoint): \(error)"
        }
    }

    private func message(_ notice: AlertNotice) -> String {
        let body = notice.lines.flatMap { $0.split(separator: "\n") }.map { line in
            // A dot in front of a line would end the message (section 4.5.2).
            line.hasPrefix(".") ? ".\(line)" : String(line)
        }
        let head = [
            "From: Aya <\(from)>", "To: \(to.joined(separator: ", "))", "Subject: \(notice.title)",
            "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit",
            "Auto-Submitted: auto-generated", "",
        ]
        return (head + body).joined(separator: "\r\n")
    }
}

/// One conversation with a mail server.
private final class MailSession {
    private let socket: BlockingSocket
    private let buffer = Buffer(capacity: 16 * 1024)

    init(_ endpoint: BoundEndpoint) throws(SystemError) {
        socket = try BlockingSocket(to: endpoint, timeout: .seconds(10))
    }

    func say(_ line: String, _ code: String) throws(CallFault) {
        var rest = Array((line + "\r\n").utf8)[...]
        while !rest.isEmpty {
            let result = unsafe rest.withUnsafeBufferPointer { unsafe socket.send($0) }
            switch result {
            case .success(let count): rest = rest.dropFirst(count)
            case .failure(let error): throw CallFault("\(error)")
            }
        }
        try expect(code)
    }

    /// Waits for an answer whose code begins so; one of several lines ends with the line that has no dash.
    func expect(_ code: String) throws(CallFault) {
        while true {
            let line = try nextLine()
            guard line.hasPrefix(code) else { throw CallFault("it said '\(line.prefix(200))'") }
            if line.dropFirst(3).first != "-" { return }
        }
    }

    private func nextLine() throws(CallFault) -> String {
        while true {
            let bytes = unsafe buffer.unread
            if let end = unsafe bytes.firstIndex(of: 10) {
                let line = unsafe String(decoding: bytes[..<end], as: UTF8.self)
                buffer.consume(end + 1)
                if buffer.isEmpty { buffer.clear() }
                return line.last == "\r" ? String(line.dropLast()) : line
            }
            guard buffer.room > 0 else { throw CallFault("its answer is too long") }
            switch socket.receive(into: buffer) {
            case .success(0): throw CallFault("it closed the connection")
            case .success: break
            case .failure(let error): throw CallFault("\(error)")
            }
        }
    }
}
