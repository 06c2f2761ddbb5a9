internal import Glibc

/// The loopback ports of the demonstration.
struct DemoPorts {
    var web: UInt16
    var admin: UInt16
    var servers: [UInt16]

    /// Those of the documentation's examples; where one is taken, a free one in its place.
    static func usual() throws -> DemoPorts { try choose { try free($0) ?? free(0) } }

    /// Any that are free.
    static func any() throws -> DemoPorts { try choose { _ in try free(0) } }

    private static func choose(_ pick: (UInt16) throws -> UInt16?) throws -> DemoPorts {
        func port(_ usual: UInt16) throws -> UInt16 {
            guard let port = try pick(usual) else { throw Exit.failure("no free port on 127.0.0.1") }
            return port
        }
        return try DemoPorts(web: port(8080), admin: port(9900), servers: [port(9001), port(9002), port(9003)])
    }

    /// The port itself if nobody has it, one of the system's choice for 0, or nil.
    private static func free(_ port: UInt16) throws -> UInt16? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Exit.failure("can't open a socket: \(SystemReason.last)") }
        defer { close(descriptor) }
        var yes: Int32 = 1
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var name = LoopbackName(port)
        guard unsafe name.with({ unsafe bind(descriptor, $0, $1) }) == 0 else { return nil }
        guard unsafe name.fill({ unsafe getsockname(descriptor, $0, $1) }) == 0 else { return nil }
        return name.port
    }
}
