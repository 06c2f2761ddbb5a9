internal import AyaConfig
internal import AyaHTTP
internal import AyaTLS
internal import AyaTelemetry

/// What comes before the routes on a listener without TLS.
extension HTTPConnection {
    /// Nil when the routes decide.
    func take(_ detour: Detour, _ exchange: Exchange) -> Decision? {
        let request = exchange.request
        if let challenges = detour.challenges, request.method == .get || request.method == .head,
            let answer = unsafe challenges.answer(path: bytes(request.path).span)
        {
            return .reply(
                .init(
                    status: 200, headers: [.init(name: "Content-Type", value: "application/octet-stream")],
                    body: String(decoding: answer, as: UTF8.self)))
        }
        guard let redirect = detour.redirect else { return nil }
        // Only a request of HTTP/1.0 may say nothing of whom it is for.
        guard !request.host.isEmpty else { return .fail(.badRequest) }
        if request.pathNeedsNormalization, !normalizePath(exchange) { return .fail(.badRequest) }
        return .redirect(redirect)
    }
}
