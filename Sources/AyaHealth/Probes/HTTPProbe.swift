package import AyaCore
package import AyaReactor

/// Sends a request; status and, on request, a text in the first 64 KiB of the body tell whether the server is well.
package struct HTTPProbe: Probe {
    private static let bodyLimit = 64 << 10
    private let inquiry: HTTPInquiry
    private let statuses: [ClosedRange<Int>]
    private let body: String?

    package init(_ inquiry: HTTPInquiry, statuses: [ClosedRange<Int>] = [200...399], body: String? = nil) {
        self.inquiry = inquiry
        self.statuses = statuses
        self.body = body
    }

    package func ask(_ asker: Waiter, until deadline: Instant) async throws(ProbeFailure) {
        let answer = try await inquiry.ask(asker, bodyLimit: body == nil ? 0 : Self.bodyLimit, until: deadline)
        guard statuses.contains(where: { $0.contains(answer.status) }) else {
            throw ProbeFailure("status \(answer.status)")
        }
        if let body, !answer.body.span.contains(Array(body.utf8)) { throw ProbeFailure("the body lacks '\(body)'") }
    }
}
