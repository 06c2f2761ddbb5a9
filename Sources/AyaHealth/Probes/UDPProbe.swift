package import AyaCore
package import AyaReactor

/// Sends a datagram and looks for something in an answer.
///
/// Without an expectation any answer will do, and so does silence: many a UDP service answers nothing. What then
/// speaks against a server is that its host refuses the datagram.
package struct UDPProbe: Probe {
    private let address: SocketAddress
    private let message: [UInt8]
    private let expected: [UInt8]?
    private let expectedText: String

    package init(_ address: SocketAddress, send: String, expect: String? = nil) {
        self.address = address
        message = Array(send.utf8)
        expected = expect.map { Array($0.utf8) }
        expectedText = expect ?? ""
    }

    package func ask(_ asker: Waiter, until deadline: Instant) async throws(ProbeFailure) {
        let descriptor: Int32
        do {
            descriptor = try address.connectDatagrams()
        } catch {
            throw ProbeFailure(error)
        }
        let connection = ProbeConnection(descriptor, asker, until: deadline)
        defer { connection.close() }
        try await connection.send(message)
        let buffer = asker.worker.buffers.takeLarge()
        defer { asker.worker.buffers.give(buffer) }
        var hasAnswered = false
        while true {
            do {
                buffer.clear()
                connection.lookAgain()
                _ = try await connection.receive(into: buffer)
            } catch ProbeFailure.late {
                guard expected != nil else { return }
                throw hasAnswered ? ProbeFailure("the answer lacks '\(expectedText)'") : .late
            }
            hasAnswered = true
            guard let expected, !buffer.contains(expected) else { return }
        }
    }
}
