internal import CAyaSystem
internal import Glibc

/// Whoever started this process and wants to know how it does: systemd, or what speaks its protocol (sd_notify(3)).
///
/// One datagram a message over the socket that the environment names; nobody waits for an answer.
package struct ServiceManager: Sendable {
    private let path: String
    /// Within which time it wants to hear that all is well; nil when it does not ask.
    package let watchdog: Duration?

    /// As the environment says; nil when nobody wants to know.
    package static let current = ServiceManager(environment: { name in
        // Safe: getenv gives nil or a terminated string, and nobody changes these variables.
        unsafe getenv(name).map { unsafe String(cString: $0) }
    })

    package init?(environment: (String) -> String?) {
        guard let path = environment("NOTIFY_SOCKET"), path.hasPrefix("/") || path.hasPrefix("@") else { return nil }
        self.path = path
        // A process that takes over has another identity than the one that WATCHDOG_PID names, and the same duty.
        let microseconds = environment("WATCHDOG_USEC").flatMap { Int64($0) } ?? 0
        watchdog = microseconds > 0 ? .microseconds(microseconds) : nil
    }

    package enum Message: Sendable, Equatable {
        case ready(status: String)
        /// The configuration is read again; `ready` follows.
        case reloading
        /// What runs may take so long to finish.
        case stopping(grace: Duration)
        /// Another process is the service from now on.
        case succeeded(by: Int32)
        /// All is well.
        case alive
        case status(String)

        var text: String {
            switch self {
            case .ready(let status): "READY=1\nSTATUS=\(status)"
            case .reloading: "RELOADING=1\nMONOTONIC_USEC=\(Self.monotonicMicroseconds)\nSTATUS=Reloading"
            case .stopping(let grace):
                "STOPPING=1\nSTATUS=Draining\nEXTEND_TIMEOUT_USEC=\((grace.components.seconds + 10) * 1_000_000)"
            case .succeeded(let process): "MAINPID=\(process)\nSTATUS=Process \(process) has taken over"
            case .alive: "WATCHDOG=1"
            case .status(let status): "STATUS=\(status)"
            }
        }

        private static var monotonicMicroseconds: Int64 {
            var time = timespec()
            unsafe clock_gettime(CLOCK_MONOTONIC, &time)
            return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
        }
    }

    package func tell(_ message: Message) {
        // When it does not listen there is nobody to say so to.
        _ = unsafe aya_notify(path, message.text)
    }
}
