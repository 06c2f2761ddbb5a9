package import AyaConfig
internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTLS

/// An account with one authority, and the calls that it makes there. Confined to the thread of certificates.
package final class ACMESession {
    let settings: Blueprint.Automatic
    let caller: HTTPSCaller
    private let shelf: ACMEShelf
    private var directory: ACMEDirectory?
    private var account: (key: OwnKey, url: String)?
    /// The newest nonce that was not used; a handful, since several orders may be under way.
    private var nonces: [String] = []
    /// Somebody opens the account: others wait, or there would be two.
    private var isOpening = false

    package init(_ settings: Blueprint.Automatic, caller: HTTPSCaller, shelf: ACMEShelf) {
        self.settings = settings
        self.caller = caller
        self.shelf = shelf
    }

    /// Where the authority takes what; asked for once, and again after a failure.
    func whereabouts(_ waiter: Waiter) async throws(ACMEFault) -> ACMEDirectory {
        if let directory { return directory }
        guard let url = HTTPSAddress(settings.directory) else {
            throw ACMEFault(.refused, "'\(settings.directory)' is no https URL")
        }
        let found = try ACMEDirectory(try await caller.call("GET", url, waiter))
        directory = found
        return found
    }

    /// After a failure everything that the authority told is asked for anew.
    package func forget(_ fault: ACMEFault) {
        directory = nil
        nonces = []
        if fault.kind == .accountLost {
            account = nil
            shelf.dropAccount()
        }
    }

    // MARK: signed calls

    /// Asks or tells the authority something in the account's name.
    func post(
        _ url: HTTPSAddress, _ payload: JSONText?, accept: String? = nil, _ waiter: Waiter
    ) async throws(ACMEFault) -> HTTPAnswer {
        let account = try await open(waiter)
        return try await post(url, payload, by: .account(account.url), key: account.key, accept: accept, waiter)
    }

    private func post(
        _ url: HTTPSAddress, _ payload: JSONText?, by signer: SignedMessage.Signer, key: OwnKey, accept: String? = nil,
        _ waiter: Waiter
    ) async throws(ACMEFault) -> HTTPAnswer {
        var tries = 0
        while true {
            let nonce = try await nonce(waiter)
            guard let message = SignedMessage.make(payload, by: signer, key: key, nonce: nonce, url: url.text) else {
                throw ACMEFault(.unreachable, "out of memory")
            }
            let answer = try await caller.call("POST", url, body: message, accept: accept, waiter)
            keepNonce(answer)
            if answer.isGood { return answer }
            let fault = ACMEFault(answer)
            tries += 1
            guard fault.kind == .badNonce, tries < 4 else { throw fault }
        }
    }

    private func keepNonce(_ answer: HTTPAnswer) {
        guard let nonce = answer.header("replay-nonce"), nonces.count < 8 else { return }
        nonces.append(nonce)
    }

    private func nonce(_ waiter: Waiter) async throws(ACMEFault) -> String {
        if let nonce = nonces.popLast() { return nonce }
        let directory = try await whereabouts(waiter)
        let answer = try await caller.call("HEAD", directory.newNonce, waiter)
        guard let nonce = answer.header("replay-nonce") else {
            throw ACMEFault(.unreachable, "the authority gives no nonce")
        }
        return nonce
    }

    // MARK: the account

    /// The account that is kept, or a new one (RFC 8555 section 7.3).
    private func open(_ waiter: Waiter) async throws(ACMEFault) -> (key: OwnKey, url: String) {
        while isOpening { await waiter.sleep(.milliseconds(50)) }
        if let account { return account }
        isOpening = true
        defer { isOpening = false }
        // Other processes, and other listeners' sessions with this authority, wait for the file.
        let deadline = waiter.worker.now + .seconds(60)
        var lock = shelf.lock("account")
        while lock == nil, waiter.worker.now < deadline {
            await waiter.sleep(.milliseconds(200))
            lock = shelf.lock("account")
        }
        defer { withExtendedLifetime(lock) {} }
        if let kept = shelf.account() {
            account = kept
            return kept
        }
        let directory = try await whereabouts(waiter)
        let key = try made { () throws(CertificateFault) in try OwnKey() }
        var payload: [(name: String, value: JSONText)] = [("termsOfServiceAgreed", .yes)]
        if let email = settings.email { payload.append(("contact", .array([.string("mailto:\(email)")]))) }
        if let external = settings.externalAccount {
            payload.append(("externalAccountBinding", try binding(key, external, directory.newAccount)))
        } else if directory.needsExternalAccount {
            throw ACMEFault(.refused, "the authority takes only customers that it knows (set 'external_account')")
        }
        let answer = try await post(directory.newAccount, .object(payload), by: .key, key: key, waiter)
        guard let url = answer.header("location"), HTTPSAddress(url) != nil else {
            throw ACMEFault(.unreachable, "the authority does not say where the account is")
        }
        account = (key, url)
        shelf.keepAccount(key, url: url)
        return (key, url)
    }

    private func binding(
        _ key: OwnKey, _ external: Blueprint.Automatic.ExternalAccount, _ url: HTTPSAddress
    ) throws(ACMEFault) -> JSONText {
        var text = external.secret
        if text.hasPrefix("file:") {
            let path = String(text.dropFirst("file:".count))
            guard let bytes = PrivateFile.read(path) else {
                throw ACMEFault(.refused, "the key of the external account can't be read from '\(path)'")
            }
            text = String(decoding: bytes.filter { $0 > 32 }, as: UTF8.self)
        }
        guard let secret = Base64URL.decode(text), !secret.isEmpty else {
            throw ACMEFault(.refused, "the key of the external account is not in base64url")
        }
        return SignedMessage.binding(of: key, to: external.keyID, secret: secret, url: url.text)
    }

    /// The account's thumbprint, for proofs.
    func thumbprint(_ waiter: Waiter) async throws(ACMEFault) -> String {
        try await open(waiter).key.thumbprint
    }
}

/// What can fail for lack of memory alone.
func made<Value>(_ make: () throws(CertificateFault) -> Value) throws(ACMEFault) -> Value {
    do throws(CertificateFault) { return try make() } catch { throw ACMEFault(.unreachable, error.description) }
}
