internal import AyaHTTP
internal import AyaTelemetry

/// Where an authority takes what (RFC 8555 section 7.1.1).
struct ACMEDirectory {
    var newNonce: HTTPSAddress
    var newAccount: HTTPSAddress
    var newOrder: HTTPSAddress
    /// Where it says when to renew (RFC 9773); nil: it does not.
    var renewalInfo: String?
    /// It takes only customers that it knows.
    var needsExternalAccount: Bool

    init(_ answer: HTTPAnswer) throws(ACMEFault) {
        guard answer.isGood else { throw ACMEFault(answer) }
        let json = JSONValue(answer.body)
        func address(_ name: String) throws(ACMEFault) -> HTTPSAddress {
            guard let address = (json?[name]?.string).flatMap(HTTPSAddress.init) else {
                throw ACMEFault(.unreachable, "the directory of the authority has no '\(name)'")
            }
            return address
        }
        newNonce = try address("newNonce")
        newAccount = try address("newAccount")
        newOrder = try address("newOrder")
        renewalInfo = json?["renewalInfo"]?.string
        needsExternalAccount = json?["meta"]?["externalAccountRequired"] == .boolean(true)
    }
}
