internal import AyaConfig
internal import AyaCore
internal import AyaHTTP
package import AyaReactor
package import AyaTLS
internal import AyaTelemetry

/// From a host to its certificate (RFC 8555 section 7.4).
extension ACMESession {
    /// What an order brought.
    package struct Obtained: Sendable {
        /// In PEM, the leaf first.
        package var chain: [UInt8]
        package var key: [UInt8]
    }

    /// Orders a certificate, proves control over the host, and fetches it.
    /// - Parameter replaced: names the certificate that it takes the place of (RFC 9773 section 5).
    package func obtain(
        _ host: String, replacing replaced: String?, proofs: Proofs, _ waiter: Waiter
    ) async throws(ACMEFault) -> Obtained {
        let directory = try await whereabouts(waiter)
        var order: [(name: String, value: JSONText)] = [
            ("identifiers", .array([.object([("type", "dns"), ("value", .string(host))])]))
        ]
        if let replaced, directory.renewalInfo != nil { order.append(("replaces", .string(replaced))) }
        let placed = try await post(directory.newOrder, .object(order), waiter)
        guard let url = placed.header("location").flatMap(HTTPSAddress.init) else {
            throw ACMEFault(.unreachable, "the authority does not say where the order is")
        }
        for text in (JSONValue(placed.body)?["authorizations"]?.elements ?? []).compactMap(\.string) {
            try await authorize(try Self.address(text), proofs, waiter)
        }
        return try await finalize(host, url, waiter)
    }

    private static func address(_ text: String?) throws(ACMEFault) -> HTTPSAddress {
        guard let address = text.flatMap(HTTPSAddress.init) else {
            throw ACMEFault(.unreachable, "the authority names a place that is no https URL")
        }
        return address
    }

    // MARK: proof

    private func authorize(_ url: HTTPSAddress, _ proofs: Proofs, _ waiter: Waiter) async throws(ACMEFault) {
        let authorization = JSONValue(try await post(url, nil, waiter).body)
        if authorization?["status"]?.string == "valid" { return }
        let wanted = settings.challenge.rawValue
        let challenges = authorization?["challenges"]?.elements ?? []
        guard let host = authorization?["identifier"]?["value"]?.string,
            let challenge = challenges.first(where: { $0["type"]?.string == wanted }),
            let token = challenge["token"]?.string, Self.isToken(token)
        else {
            let offered = challenges.compactMap { $0["type"]?.string }.joined(separator: ", ")
            throw ACMEFault(
                .refused, "the authority offers no '\(wanted)' for the host, but \(ACMEFault.printable(offered))")
        }
        let target = try Self.address(challenge["url"]?.string)
        let proof = Proofs.Proof(host: host, token: token, answer: "\(token).\(try await thumbprint(waiter))")
        try await proofs.put(proof, waiter)
        let result: ACMEFault?
        do throws(ACMEFault) {
            _ = try await post(target, .object([]), waiter)
            try await settle(url, waiter) { $0 == "valid" }
            result = nil
        } catch {
            result = error
        }
        await proofs.remove(proof, waiter)
        if let result { throw result }
    }

    /// It becomes part of a path and of a file's name.
    private static func isToken(_ text: String) -> Bool {
        (1...200).contains(text.utf8.count) && Base64URL.decode(text) != nil && !text.contains("=")
    }

    // MARK: waiting

    private static let patience = Interval.seconds(120)

    /// Asks again and again until the status is what was waited for.
    @discardableResult
    private func settle(
        _ url: HTTPSAddress, _ waiter: Waiter, until isSettled: (String) -> Bool
    ) async throws(ACMEFault) -> JSONValue {
        let deadline = waiter.worker.now + Self.patience
        var pause = Interval.milliseconds(250)
        while true {
            let answer = try await post(url, nil, waiter)
            guard let json = JSONValue(answer.body), let status = json["status"]?.string else {
                throw ACMEFault(.unreachable, "the authority answers without a status")
            }
            if isSettled(status) { return json }
            guard status == "pending" || status == "processing" || status == "ready" else {
                throw Self.failure(of: json, status)
            }
            guard waiter.worker.now < deadline else {
                throw ACMEFault(.refused, "the authority did not come to an end: the status is still '\(status)'")
            }
            if let wanted = answer.retryAfter { pause = .seconds(min(wanted, 30)) }
            await waiter.sleep(pause)
            pause = Interval(nanoseconds: min(pause.nanoseconds * 2, 5_000_000_000))
        }
    }

    /// Why an authorization or an order came to nothing; the reason stands with the challenge that failed.
    private static func failure(of json: JSONValue, _ status: String) -> ACMEFault {
        let challenge = (json["challenges"]?.elements ?? []).first { $0["error"] != nil }
        let error = challenge?["error"] ?? json["error"]
        let type = error?["type"]?.string?.split(separator: ":").last.map(String.init) ?? status
        let detail = error?["detail"]?.string ?? "the authority gives no reason"
        return ACMEFault(.refused, ACMEFault.printable("\(type): \(detail)"))
    }

    // MARK: the certificate

    private func finalize(_ host: String, _ url: HTTPSAddress, _ waiter: Waiter) async throws(ACMEFault) -> Obtained {
        let key = try made { () throws(CertificateFault) in try OwnKey() }
        let request = key.request(for: [host])
        let ready = try await settle(url, waiter) { $0 == "ready" || $0 == "valid" }
        var order = ready
        if ready["status"]?.string == "ready" {
            let finalize = try Self.address(ready["finalize"]?.string)
            _ = try await post(finalize, .object([("csr", .string(Base64URL.encode(request)))]), waiter)
            order = try await settle(url, waiter) { $0 == "valid" }
        }
        let place = try Self.address(order["certificate"]?.string)
        let answer = try await post(place, nil, accept: "application/pem-certificate-chain", waiter)
        return Obtained(chain: answer.body, key: key.text)
    }

    // MARK: when to renew

    /// When the authority suggests to renew a certificate (RFC 9773 section 4.2), and after how many seconds it wants
    /// to be asked again; nil when it has no opinion.
    package func suggestion(
        for certificate: Certificate, _ waiter: Waiter
    ) async throws(ACMEFault) -> (window: RenewalWindow, askAfter: Int64)? {
        guard let base = try await whereabouts(waiter).renewalInfo, let name = certificate.renewalName else {
            return nil
        }
        let url = try Self.address(base + (base.hasSuffix("/") ? "" : "/") + name)
        let answer = try await caller.call("GET", url, waiter)
        guard answer.isGood else { throw ACMEFault(answer) }
        let window = JSONValue(answer.body)?["suggestedWindow"]
        guard let start = (window?["start"]?.string).flatMap(WallTime.seconds),
            let end = (window?["end"]?.string).flatMap(WallTime.seconds), start < end
        else { return nil }
        return (RenewalWindow(start: start, end: end), answer.retryAfter ?? 6 * 3600)
    }
}

extension Certificate {
    /// What names it to its authority (RFC 9773 section 4.1); nil when it does not say who issued it.
    package var renewalName: String? {
        guard !authorityKey.isEmpty, !serial.isEmpty else { return nil }
        return Base64URL.encode(authorityKey) + "." + Base64URL.encode(serial)
    }
}

extension Waiter {
    /// Lets time pass, whatever happens on sockets meanwhile.
    func sleep(_ time: Interval) async {
        let end = worker.now + time
        while await wait(until: end) {}
    }
}
