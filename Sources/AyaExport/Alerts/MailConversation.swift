internal import AyaCore
internal import AyaReactor
internal import AyaTLS

/// One conversation with a mail server: who speaks, from whom, to whom, and the message.
final class MailConversation: Conversation {
    private let settings: MailChannel.Settings
    private let host: String
    private let message: String
    private let end: @Sendable (String?) -> Void
    private let input = Buffer(capacity: 16 * 1024)

    /// - Parameter end: gets nil when the server has taken the message, or why it has not.
    init(
        _ settings: MailChannel.Settings, host: String, message: String, worker: Worker,
        _ end: @escaping @Sendable (String?) -> Void
    ) {
        self.settings = settings
        self.host = host.filter { $0.isLetter || $0.isNumber || $0 == "." || $0 == "-" }
        self.message = message
        self.end = end
        super.init(with: settings.name, patience: .seconds(30), worker: worker)
    }

    override func converse() async {
        do throws(CallFault) {
            guard let endpoint = await settings.resolve() else { throw CallFault("the mail server has no address") }
            let socket = try await connect(to: endpoint)
            defer { socket.close() }
            try await converse(on: socket)
            end(nil)
        } catch {
            end(error.description)
        }
    }

    private func converse(on socket: Socket) async throws(CallFault) {
        if case .implicit(let trust) = settings.protection { try await protect(socket, trust) }
        _ = try await answer("220", on: socket)
        var abilities = try await say("EHLO \(host)", "250", on: socket)
        if case .startTLS(let trust) = settings.protection {
            // Whoever sits between could have struck it out: without it there is no mail (RFC 3207 section 6).
            guard abilities.contains(where: { $0.uppercased() == "STARTTLS" }) else {
                throw CallFault("\(name) offers no TLS")
            }
            _ = try await say("STARTTLS", "220", on: socket)
            // What came before the handshake may be anybody's.
            guard input.isEmpty else { throw CallFault("\(name) spoke before its turn") }
            try await protect(socket, trust)
            abilities = try await say("EHLO \(host)", "250", on: socket)
        }
        if let login = settings.login { try await logIn(login.user, login.password, abilities, on: socket) }
        _ = try await say("MAIL FROM:<\(settings.from)>", "250", on: socket)
        for receiver in settings.to { _ = try await say("RCPT TO:<\(receiver)>", "25", on: socket) }
        _ = try await say("DATA", "354", on: socket)
        _ = try await say(message + "\r\n.", "250", on: socket)
        // It is taken, whatever comes now.
        _ = try? await say("QUIT", "221", on: socket)
    }

    private func protect(_ socket: Socket, _ trust: CallTrust) async throws(CallFault) {
        try await secure(socket, trust: trust, isAddress: settings.isAddress, sessions: TLSSessions())
    }

    /// RFC 4954, by whichever of the two simple mechanisms there is: over TLS they need be no cleverer.
    private func logIn(
        _ user: String, _ password: String, _ abilities: [String], on socket: Socket
    ) async throws(CallFault) {
        let words = abilities.map { $0.uppercased().split(separator: " ") }
        let mechanisms = words.first { $0.first == "AUTH" }?.dropFirst() ?? []
        if mechanisms.contains("PLAIN") {
            // RFC 4616: whom to act for, which is nobody else, then name and password.
            let secret = Base64.encode(Array("\0\(user)\0\(password)".utf8))
            _ = try await say("AUTH PLAIN \(secret)", "235", on: socket)
        } else if mechanisms.contains("LOGIN") {
            _ = try await say("AUTH LOGIN", "334", on: socket)
            _ = try await say(Base64.encode(Array(user.utf8)), "334", on: socket)
            _ = try await say(Base64.encode(Array(password.utf8)), "235", on: socket)
        } else {
            throw CallFault("\(name) offers no login by AUTH PLAIN or AUTH LOGIN")
        }
    }

    // MARK: lines

    private func say(_ line: String, _ code: String, on socket: Socket) async throws(CallFault) -> [String] {
        let buffer = Buffer(capacity: line.utf8.count + 2)
        buffer.append(text: line)
        buffer.append("\r\n")
        try await send(buffer, on: socket)
        return try await answer(code, on: socket)
    }

    /// Waits for an answer whose code begins so; one of several lines ends with the line that has no dash.
    ///
    /// - Returns: what stands behind the codes.
    private func answer(_ code: String, on socket: Socket) async throws(CallFault) -> [String] {
        var lines: [String] = []
        while lines.count < 100 {
            let line = try await nextLine(on: socket)
            guard line.hasPrefix(code) else { throw CallFault("\(name) said '\(line.prefix(200))'") }
            lines.append(String(line.dropFirst(4)))
            if line.dropFirst(3).first != "-" { return lines }
        }
        throw CallFault("the answer of \(name) is too long")
    }

    private func nextLine(on socket: Socket) async throws(CallFault) -> String {
        while true {
            let bytes = unsafe input.unread
            if let end = unsafe bytes.firstIndex(of: 10) {
                let line = unsafe String(decoding: bytes[..<end], as: UTF8.self)
                input.consume(end + 1)
                if input.isEmpty { input.clear() }
                return line.last == "\r" ? String(line.dropLast()) : line
            }
            input.compact()
            guard try await receive(into: input, on: socket) else {
                throw CallFault("\(name) closed the connection")
            }
        }
    }
}
