package import AyaCore
package import AyaReactor
package import AyaTLS

/// Connects; on request sends something and looks for something in the answer.
package struct TCPProbe: Probe {
    private let endpoint: BoundEndpoint
    private let message: [UInt8]
    private let expected: [UInt8]?
    private let expectedText: String
    private let tls: TLSTarget?

    package init(_ endpoint: BoundEndpoint, send: String? = nil, expect: String? = nil, tls: TLSTarget? = nil) {
        self.tls = tls
        self.endpoint = endpoint
        message = Array((send ?? "").utf8)
        expected = expect.map { Array($0.utf8) }
        expectedText = expect ?? ""
    }

    package func ask(_ asker: Waiter, until deadline: Instant) async throws(ProbeFailure) {
        let connection = try await ProbeConnection(endpoint, tls: tls, asker, until: deadline)
        // As HAProxy's check does: a thousand servers probed every other second would leave thirty thousand
        // connections in TIME-WAIT.
        guard !message.isEmpty || expected != nil else { return connection.reset() }
        defer { connection.close() }
        try await connection.send(message)
        guard let expected else { return }
        let buffer = asker.worker.buffers.takeLarge()
        defer { asker.worker.buffers.give(buffer) }
        repeat {
            guard buffer.room > 0, try await connection.receive(into: buffer) else {
                throw ProbeFailure(
                    buffer.isEmpty
                        ? "the connection was closed without an answer" : "the answer lacks '\(expectedText)'")
            }
        } while !buffer.contains(expected)
    }
}
