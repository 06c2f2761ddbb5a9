internal import AyaHTTP
internal import AyaTelemetry

/// Why an authority gave no certificate, in words for an operator: lower case, no full stop.
package struct ACMEFault: Error, Sendable, CustomStringConvertible {
    package enum Kind: Sendable {
        /// Nobody answered, or not as authorities do: worth another try soon.
        case unreachable
        /// The authority refuses; asking again at once brings nothing, and counts against its limits.
        case refused
        /// The account is unknown there.
        case accountLost
        /// The nonce was used up or too old (RFC 8555 section 6.5).
        case badNonce
    }

    package var kind: Kind
    package var reason: String
    /// Seconds after which the authority wants to be asked again.
    package var retryAfter: Int64?

    package init(_ kind: Kind, _ reason: String, retryAfter: Int64? = nil) {
        self.kind = kind
        self.reason = reason
        self.retryAfter = retryAfter
    }

    package var description: String { reason }

    /// What an answer of class 4xx or 5xx says (RFC 7807, RFC 8555 section 6.7).
    init(_ answer: HTTPAnswer) {
        let problem = JSONValue(answer.body)
        let type = problem?["type"]?.string ?? ""
        let name = type.split(separator: ":").last.map(String.init) ?? "status \(answer.status)"
        var words = Self.printable(problem?["detail"]?.string ?? "")
        // Why one of several names failed stands one level below.
        let details = (problem?["subproblems"]?.elements ?? []).compactMap { $0["detail"]?.string }
        if !details.isEmpty { words += " (" + Self.printable(details.joined(separator: "; ")) + ")" }
        let kind: Kind
        switch name {
        case "badNonce": kind = .badNonce
        case "accountDoesNotExist": kind = .accountLost
        case "serverInternal": kind = .unreachable
        default: kind = answer.status >= 500 ? .unreachable : .refused
        }
        self.init(kind, words.isEmpty ? name : "\(name): \(words)", retryAfter: answer.retryAfter)
    }

    /// Text of a stranger, fit for a log.
    static func printable(_ text: String) -> String {
        String(decoding: text.utf8.prefix(400).map { $0 < 32 || $0 == 127 ? 32 : $0 }, as: UTF8.self)
    }
}
