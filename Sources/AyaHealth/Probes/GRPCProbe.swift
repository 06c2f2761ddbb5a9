package import AyaCore
internal import AyaHTTP
package import AyaReactor
package import AyaTLS

/// Calls `grpc.health.v1.Health/Check`, the health service that servers of gRPC agree on.
package struct GRPCProbe: Probe {
    private let endpoint: BoundEndpoint
    private let tls: TLSTarget?
    private let inquiry: HTTP2Inquiry

    /// - Parameters:
    ///   - service: whose health is asked for; empty: the server's as a whole.
    ///   - host: the authority; nil: the address.
    package init(_ endpoint: BoundEndpoint, service: String, host: String? = nil, tls: TLSTarget? = nil) {
        self.endpoint = endpoint
        self.tls = tls
        var authority = host ?? "localhost"
        if host == nil, case .address(let address) = endpoint { authority = "\(address)" }
        inquiry = HTTP2Inquiry(
            method: "POST", path: "/grpc.health.v1.Health/Check", authority: authority,
            headers: [("content-type", "application/grpc"), ("te", "trailers")],
            body: Self.request(service), isSecure: tls != nil)
    }

    /// A message of one field, `string service = 1`, behind its prefix: uncompressed, and its length.
    private static func request(_ service: String) -> [UInt8] {
        let name = Array(service.utf8.prefix(16_000))
        var message: [UInt8] = []
        if !name.isEmpty {
            message.append(0x0a)
            if name.count < 128 {
                message.append(UInt8(name.count))
            } else {
                message += [UInt8(name.count & 127 | 128), UInt8(name.count >> 7)]
            }
            message += name
        }
        return [0] + (0..<4).map { UInt8(message.count >> (24 - 8 * $0) & 255) } + message
    }

    package func ask(_ asker: Waiter, until deadline: Instant) async throws(ProbeFailure) {
        let connection = try await ProbeConnection(endpoint, tls: tls, asker, until: deadline)
        defer { connection.close() }
        let answer = try await inquiry.ask(connection, bodyLimit: 4096)
        guard answer.status == 200 else { throw ProbeFailure("status \(answer.status)") }
        guard let status = answer.grpcStatus else { throw ProbeFailure("the answer is not gRPC") }
        guard status == .ok else { throw ProbeFailure("grpc status \(status.name)") }
        let serving = Self.servingStatus(answer.body)
        guard serving == 1 else { throw ProbeFailure(Self.words[serving] ?? "not serving") }
    }

    private static let words = [0: "unknown to itself", 2: "not serving", 3: "the service is unknown"]

    /// `ServingStatus status = 1` of the answer: 1 is serving. Its fields are few and short.
    static func servingStatus(_ body: [UInt8]) -> Int {
        guard body.count >= 7, body[0] == 0, body[5] == 0x08 else { return 0 }
        return Int(body[6])
    }
}
