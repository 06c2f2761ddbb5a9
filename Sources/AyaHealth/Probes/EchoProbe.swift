package import AyaCore
package import AyaReactor

/// Sends an ICMP echo request to the server's host. Says that the host is there, and nothing about the service.
package struct EchoProbe: Probe {
    private let address: SocketAddress

    package init(_ address: SocketAddress) { self.address = address }

    package func ask(_ asker: Waiter, until deadline: Instant) async throws(ProbeFailure) {
        let opened: (descriptor: Int32, isRaw: Bool)
        do {
            opened = try address.connectEcho()
        } catch {
            throw error.isDenied || error.isNotPermitted ? Self.forbidden : ProbeFailure(error)
        }
        let message = EchoMessage(
            family: address.ip.family, sequence: UInt16(truncatingIfNeeded: asker.worker.turns),
            nonce: asker.worker.random.next())
        let connection = ProbeConnection(opened.descriptor, asker, until: deadline)
        defer { connection.close() }
        try await connection.send(message.request)
        let buffer = asker.worker.buffers.takeSmall()
        defer { asker.worker.buffers.give(buffer) }
        let hasHeader = opened.isRaw && address.ip.family == .v4
        repeat {
            buffer.clear()
            connection.lookAgain()
            _ = try await connection.receive(into: buffer)
        } while unsafe !message.isAnswered(by: buffer.unread.span, hasHeader: hasHeader)
    }

    /// Whether this process may send echo requests; nil when it may, else what to do.
    package static func obstacle() -> String? {
        do {
            let opened = try SocketAddress(ip: .loopback, port: 0).connectEcho()
            Descriptors.close(opened.descriptor)
            return nil
        } catch {
            return error.isDenied || error.isNotPermitted ? forbidden.reason : ProbeFailure(error).reason
        }
    }

    private static let forbidden = ProbeFailure(
        "ICMP is not permitted: give aya CAP_NET_RAW, or its group a place in net.ipv4.ping_group_range")
}
