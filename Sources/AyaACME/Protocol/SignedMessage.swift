package import AyaTLS

/// Messages as authorities take them: JSON Web Signatures in their flattened form (RFC 7515, RFC 8555 section 6.2).
package enum SignedMessage {
    /// Who signs: a key that is new to the authority shows itself, one that it knows goes by the account's URL.
    package enum Signer {
        case key
        case account(String)
    }

    /// - Parameter payload: nil for a question ("POST-as-GET", RFC 8555 section 6.3).
    package static func make(
        _ payload: JSONText?, by signer: Signer, key: OwnKey, nonce: String, url: String
    ) -> [UInt8]? {
        var head: [(String, JSONText)] = [("alg", "ES256"), ("nonce", .string(nonce)), ("url", .string(url))]
        switch signer {
        case .key: head.append(("jwk", key.publicJSON))
        case .account(let account): head.append(("kid", .string(account)))
        }
        return flattened(head: .object(head), payload: payload) { key.sign($0) }
    }

    /// What binds an account to one that the authority knows already (RFC 8555 section 7.3.4).
    static func binding(of key: OwnKey, to account: String, secret: [UInt8], url: String) -> JSONText {
        let head = JSONText.object([("alg", "HS256"), ("kid", .string(account)), ("url", .string(url))])
        let payload = Base64URL.encode(key.publicJSON.bytes)
        let protected = Base64URL.encode(head.bytes)
        let signature = Digest.authenticate(Array("\(protected).\(payload)".utf8), key: secret)
        return .object([
            ("protected", .string(protected)), ("payload", .string(payload)),
            ("signature", .string(Base64URL.encode(signature))),
        ])
    }

    private static func flattened(
        head: JSONText, payload: JSONText?, sign: ([UInt8]) -> [UInt8]?
    ) -> [UInt8]? {
        let protected = Base64URL.encode(head.bytes)
        let body = payload.map { Base64URL.encode($0.bytes) } ?? ""
        guard let signature = sign(Array("\(protected).\(body)".utf8)) else { return nil }
        return JSONText.object([
            ("protected", .string(protected)), ("payload", .string(body)),
            ("signature", .string(Base64URL.encode(signature))),
        ]).bytes
    }
}

extension OwnKey {
    /// The public key with its members in the order that the thumbprint wants (RFC 7638 section 3.2).
    var publicJSON: JSONText {
        let point = publicPoint
        return .object([
            ("crv", "P-256"), ("kty", "EC"), ("x", .string(Base64URL.encode(point.x))),
            ("y", .string(Base64URL.encode(point.y))),
        ])
    }

    /// Names the key in proofs (RFC 8555 section 8.1).
    package var thumbprint: String { Base64URL.encode(Digest.sha256(publicJSON.bytes)) }
}
