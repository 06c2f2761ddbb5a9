internal import AyaCore
internal import AyaHTTP

/// Who is turned away from the admin API: pages of other sites that would use it through the browser of somebody who can
/// reach it, and whoever has not shown enough.
///
/// A page that makes the browser send a request can not choose its `Origin`; one that has its own name resolve to a
/// loopback address (DNS rebinding) can not keep that name out of `Host`; and none can show a token that it does not
/// know.
enum AdminGuard {
    /// Nil when the request may be answered.
    static func refusal(
        of request: ServiceRequest, _ visitor: AdminAccess.Visitor?, _ access: AdminAccess
    ) -> ServiceResponse? {
        if visitor?.hasToken != true, let problem = objection(to: request, hosts: access.hosts) {
            return problem.response()
        }
        guard let visitor else { return credentialsRequired(of: request) }
        let endpoints = AdminEndpoint.endpoints(at: request.path)
        guard !endpoints.isEmpty else { return .nothing }
        let needed = AdminEndpoint.scope(request.method, at: endpoints)
        guard visitor.scope >= needed else {
            return Problem(status: 403, title: "This token does not permit that", code: "scope_insufficient")
                .response(details: [
                    "it needs the scope '\(needed.name)', and \(visitor.identity) has '\(visitor.scope.name)'"
                ])
        }
        return nil
    }

    /// RFC 6750 section 3.
    static func credentialsRequired(of request: ServiceRequest) -> ServiceResponse {
        let isWrong = request.header("authorization") != nil
        let title = isWrong ? "That token is not known here" : "Show a token or a certificate"
        return Problem(status: 401, title: title, code: "credentials_required")
            .response([("www-authenticate", "Bearer realm=\"aya\"" + (isWrong ? ", error=\"invalid_token\"" : ""))])
    }

    /// Why a request is not answered whoever sends it; nil when it is.
    static func objection(to request: ServiceRequest, hosts: [String] = []) -> Problem? {
        let host = request.header("host") ?? ""
        guard isOurs(host, hosts) else {
            return Problem(status: 403, title: "The admin API is reached by address, not by name", code: "host_refused")
        }
        let isCrossSite = ["cross-site", "same-site"].contains(request.header("sec-fetch-site"))
        let origin = request.header("origin")
        guard !isCrossSite, origin.map({ isSame($0, as: host) }) ?? true else {
            return Problem(status: 403, title: "Other sites may not use the admin API", code: "origin_refused")
        }
        return nil
    }

    /// An address, the name that browsers never look up elsewhere, or one that was configured; nothing, as over unix
    /// sockets.
    private static func isOurs(_ host: String, _ hosts: [String]) -> Bool {
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        let name = SocketAddress.split(host)?.host ?? bare
        return name.isEmpty || name == "localhost" || IPAddress(name) != nil || hosts.contains(name.lowercased())
    }

    private static func isSame(_ origin: String, as host: String) -> Bool {
        ["http://", "https://"].contains { origin.hasPrefix($0) && origin.dropFirst($0.count) == host }
    }
}
