internal import AyaHTTP
internal import AyaReactor
internal import AyaTelemetry

/// A POST of the wish as JSON, signed as Standard Webhooks says (github.com/standard-webhooks). Whoever takes it may
/// answer `{"servers": N}` with how many there will be.
package struct WebhookActuator: CapacityActuator {
    private let service: CalledService
    private let authorization: @Sendable () throws(CallFault) -> (name: String, value: String)?
    private let key: StatedSecret?

    /// - Parameters:
    ///   - secret: the password of the user, or a bearer's token.
    ///   - key: what it is signed with.
    package init(_ service: CalledService, user: String?, secret: StatedSecret?, key: StatedSecret?) {
        self.service = service
        self.key = key
        authorization = { () throws(CallFault) in
            RecordCollector.authorization(user: user, secret: try secret?.read(), scheme: "Bearer")
        }
    }

    package func standing() async throws(CallFault) -> CapacityStanding? { nil }

    package func ask(for wish: CapacityWish) async throws(CallFault) -> Int {
        let body = wish.json
        var headers = [(name: "Content-Type", value: "application/json")]
        if let authorization = try authorization() { headers.append(authorization) }
        if let key {
            headers += WebhookSignature(key: try key.read())
                .headers(id: wish.id, seconds: Machine.wallClock() / 1_000_000_000, body: body)
        }
        let answer = try await service.ask("POST", headers: headers, body: body)
        return JSONValue(answer.body)?["servers"]?.count ?? wish.servers
    }
}

extension JSONValue {
    /// A whole number of servers; nil for anything else.
    var count: Int? {
        guard case .number(let number) = self, number >= 0, number <= 1_000_000, number.rounded() == number else {
            return nil
        }
        return Int(number)
    }
}
