internal import AyaHTTP
internal import AyaReactor

/// The operator's service that says which names may have a certificate: asked before the first one of a name, and
/// before each that replaces it.
package struct NamePermission {
    private let place: String
    private let caller: HTTPSCaller

    /// - Parameter place: the URL, to which `domain=NAME` is added.
    init(_ place: String, caller: HTTPSCaller) {
        self.place = place
        self.caller = caller
    }

    /// Why not, or nil: `refused` when the service says so, `unreachable` when it says nothing.
    func whyNot(_ name: String, _ waiter: Waiter) async -> ACMEFault? {
        // Names are of letters, digits, hyphens and dots: nothing to be escaped.
        let text = place + (place.contains("?") ? "&" : "?") + "domain=" + name
        guard let url = HTTPSAddress(text) ?? HTTPSAddress.plain(text) else {
            return ACMEFault(.refused, "'ask' is no URL")
        }
        do throws(ACMEFault) {
            let answer = try await caller.call("GET", url, waiter)
            if answer.isGood { return nil }
            let isFailure = answer.status >= 500 || answer.status == 429
            return ACMEFault(
                isFailure ? .unreachable : .refused, "\(url.host) answers with \(answer.status)",
                retryAfter: answer.retryAfter)
        } catch {
            return error
        }
    }
}
