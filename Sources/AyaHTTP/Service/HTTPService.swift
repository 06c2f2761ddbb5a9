package import AyaCore

/// Something inside Aya that answers requests itself: the admin API, probes of its own, the dashboard.
///
/// It runs on the control plane, never on a worker, so its values are plain and `Sendable` instead of fast.
package protocol HTTPService: Sendable {
    @concurrent func respond(to request: ServiceRequest) async -> ServiceResponse
}

/// A whole request, copied out of the data plane.
package struct ServiceRequest: Sendable {
    package var method: String
    /// Normalized, without the query.
    package var path: String
    package var query: String?
    /// In the order in which they came.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    /// Whom the request came from; nil over a unix socket.
    package var client: SocketAddress?
    /// Whom the client's certificate names, which was verified; nil without one.
    package var certificate: String?

    package init(
        method: String, path: String, query: String? = nil, headers: [(name: String, value: String)] = [],
        body: [UInt8] = [], client: SocketAddress? = nil, certificate: String? = nil
    ) {
        self.certificate = certificate
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.client = client
    }

    /// The first header of a name, ignoring case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// A whole response. Framing fields are added by whoever sends it.
package struct ServiceResponse: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    /// In place of the body: what is told as it happens.
    package var feed: ServiceFeed?

    package init(
        status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = [], feed: ServiceFeed? = nil
    ) {
        self.feed = feed
        self.status = status
        self.headers = headers
        self.body = body
    }

    package init(status: Int, contentType: String, text: String) {
        self.init(status: status, headers: [("content-type", contentType)], body: Array(text.utf8))
    }
}
