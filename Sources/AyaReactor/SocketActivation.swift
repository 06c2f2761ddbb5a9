internal import CAyaSystem
internal import Glibc

/// Sockets that a service manager opened for this process (sd_listen_fds(3)): from descriptor 3 on, with names.
package enum SocketActivation {
    private static let first: Int32 = 3
    private static let variables = ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"]

    package struct Opened: Sendable {
        package var name: String
        package var descriptor: Int32
        package var isDatagram: Bool
    }

    /// What the environment tells of, which forgets it. To be called once, before there are threads.
    package static func take() -> [Opened] {
        // Safe: getenv gives nil or a terminated string.
        let values = variables.map { name in unsafe getenv(name).map { unsafe String(cString: $0) } }
        for name in variables { unsafe unsetenv(name) }
        guard values[0].flatMap({ Int32($0) }) == getpid(), let count = values[1].flatMap({ Int32($0) }),
            (1...1_024).contains(count)
        else { return [] }
        let names = (values[2] ?? "").split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        return (0..<count).compactMap { index in
            let descriptor = first + index
            let transport = aya_socket_transport(descriptor)
            guard transport >= 0, aya_set_nonblocking(descriptor) == 0 else { return nil }
            let name = Int(index) < names.count ? names[Int(index)] : ""
            return Opened(name: name, descriptor: descriptor, isDatagram: transport == 1)
        }
    }
}
