internal import AyaConfig
internal import AyaCore
internal import AyaReactor
internal import AyaTLS

/// What a listener without TLS does with a request before, or in place of, looking for its route: it proves to
/// authorities that hosts are ours, and sends everybody else on to TLS.
final class Detour {
    /// Nil: nobody asks.
    let challenges: ChallengeAnswers?
    /// Nil: routes decide.
    let redirect: Blueprint.Route.Redirect?

    /// Nil for a listener whose requests go straight to the routes.
    init?(_ listener: Blueprint.Listener, in snapshot: Snapshot, challenges: ChallengeAnswers?) {
        guard case .http = listener.kind, listener.tls == nil else { return nil }
        let target = listener.redirect.flatMap { name in
            snapshot.blueprint.listeners.firstIndex { $0.name == name }
        }
        guard challenges != nil || target != nil else { return nil }
        self.challenges = challenges
        redirect = target.map { Self.redirect(to: snapshot.binds[$0]) }
    }

    private static func redirect(to bind: BoundEndpoint) -> Blueprint.Route.Redirect {
        var port = ""
        if case .address(let address) = bind, address.port != 443 { port = ":\(address.port)" }
        return Blueprint.Route.Redirect(to: "https://{host}\(port){path}{query}", status: 308)
    }
}
