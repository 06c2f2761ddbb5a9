internal import AyaCore
internal import AyaHTTP

/// Keeps pages of other sites from using the admin API through the browser of somebody who can reach it.
///
/// A page that makes the browser send a request can not choose its `Origin`; one that has its own name resolve to a
/// loopback address (DNS rebinding) can not keep that name out of `Host`.
enum AdminGuard {
    /// Why a request is not answered; nil when it is.
    static func objection(to request: ServiceRequest) -> Problem? {
        let host = request.header("host") ?? ""
        guard isOurs(host) else {
            return Problem(status: 403, title: "The admin API is reached by address, not by name", code: "host_refused")
        }
        let isCrossSite = ["cross-site", "same-site"].contains(request.header("sec-fetch-site"))
        let origin = request.header("origin")
        guard !isCrossSite, origin.map({ isSame($0, as: host) }) ?? true else {
            return Problem(status: 403, title: "Other sites may not use the admin API", code: "origin_refused")
        }
        return nil
    }

    /// An address, or the name that browsers never look up elsewhere; nothing, as over unix sockets.
    private static func isOurs(_ host: String) -> Bool {
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        let name = SocketAddress.split(host)?.host ?? bare
        return name.isEmpty || name == "localhost" || IPAddress(name) != nil
    }

    private static func isSame(_ origin: String, as host: String) -> Bool {
        ["http://", "https://"].contains { origin.hasPrefix($0) && origin.dropFirst($0.count) == host }
    }
}
