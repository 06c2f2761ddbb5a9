package import AyaReactor

/// Mail by SMTP (RFC 5321), in the open to a server of this machine, or over TLS with a user's name and password.
package struct MailChannel: AlertChannel {
    package struct Settings: Sendable {
        /// How what is said is protected.
        package enum Protection: Sendable {
            case none
            /// TLS begins on request (RFC 3207), and nothing is said before that could be secret.
            case startTLS(CallTrust)
            /// TLS from the first byte on (RFC 8314 section 3).
            case implicit(CallTrust)
        }

        /// The server's, as its certificate has it.
        package var name: String
        package var isAddress: Bool
        package var from: String
        package var to: [String]
        package var protection = Protection.none
        package var login: (user: String, password: String)?
        /// Nil when a name leads nowhere at present.
        package var resolve: @Sendable () async -> BoundEndpoint?

        package init(
            name: String, isAddress: Bool, from: String, to: [String],
            resolve: @escaping @Sendable () async -> BoundEndpoint?
        ) {
            self.name = name
            self.isAddress = isAddress
            self.from = from
            self.to = to
            self.resolve = resolve
        }
    }

    private let settings: Settings
    private let thread: CallThread

    package init(_ settings: Settings, on thread: CallThread) {
        self.settings = settings
        self.thread = thread
    }

    package func tell(_ notice: AlertNotice) async -> String? {
        guard let worker = thread.worker() else { return "the system has no thread" }
        let (settings, message) = (settings, message(notice))
        return await withCheckedContinuation { continuation in
            worker.post { worker in
                MailConversation(settings, host: notice.host, message: message, worker: worker) {
                    continuation.resume(returning: $0)
                }.startServing()
            }
        }
    }

    private func message(_ notice: AlertNotice) -> String {
        let body = notice.lines.flatMap { $0.split(separator: "\n") }.map { line in
            // A dot in front of a line would end the message (section 4.5.2).
            line.hasPrefix(".") ? ".\(line)" : String(line)
        }
        let head = [
            "From: Aya <\(settings.from)>", "To: \(settings.to.joined(separator: ", "))", "Subject: \(notice.title)",
            "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit",
            "Auto-Submitted: auto-generated", "",
        ]
        return (head + body).joined(separator: "\r\n")
    }
}
