internal import CAyaCrypto
internal import CNIOBoringSSL

/// What a certificate that Aya issues is to say.
struct Issue {
    /// Whose key it is for.
    var key: OwnKey
    /// Nil: it signs itself.
    var issuer: (certificate: ParsedCertificate, key: OwnKey)?
    var organization: String?
    var commonName: String?
    /// DNS names, and addresses as text.
    var names: [String] = []
    /// Seconds since 1970.
    var notBefore: Int64
    var notAfter: Int64
    var isAuthority = false
    /// The 32 bytes that answer a challenge (RFC 8737).
    var challenge: [UInt8]?

    /// Signs it.
    func make() throws(CertificateFault) -> ParsedCertificate {
        let made = unsafe withExtendedLifetime(self) { unsafe sign() }
        guard let made = unsafe made else {
            let reason = unsafe aya_last_error().map { unsafe String(cString: $0) } ?? ""
            throw CertificateFault("a certificate can't be issued: \(reason.lowercased())")
        }
        return unsafe ParsedCertificate(made)
    }

    private func sign() -> OpaquePointer? {
        unsafe CStringList([organization ?? "", commonName ?? ""]).withPointers { subject in
            unsafe CStringList(names).withPointers { names in
                unsafe (challenge ?? []).withUnsafeBufferPointer { digest in
                    var issue = unsafe aya_issue()
                    unsafe issue.issuer = issuer?.certificate.pointer
                    unsafe issue.issuer_key = issuer?.key.pointer
                    unsafe issue.key = key.pointer
                    if organization != nil { unsafe issue.organization = subject[0] }
                    if commonName != nil { unsafe issue.common_name = subject[1] }
                    unsafe issue.names = names.baseAddress
                    unsafe issue.name_count = names.count
                    unsafe issue.not_before = notBefore
                    unsafe issue.not_after = notAfter
                    unsafe issue.is_authority = isAuthority ? 1 : 0
                    if digest.count == 32 { unsafe issue.challenge = digest.baseAddress }
                    return unsafe aya_certificate_make(&issue)
                }
            }
        }
    }
}

extension Certificate {
    /// What a client gets that asks for `name` by the protocol `acme-tls/1` (RFC 8737 section 3): it signs itself and
    /// holds the digest of the answer to the challenge.
    package static func challenge(
        for name: String, digest: [UInt8], now: Int64 = Certificate.now()
    ) throws(CertificateFault) -> Certificate {
        let key = try OwnKey()
        var issue = Issue(key: key, notBefore: now - 3600, notAfter: now + 7 * 86400)
        issue.commonName = "ACME challenge"
        issue.names = [name]
        issue.challenge = digest
        return try Certificate(chain: try issue.make().text, key: key.text, now: now)
    }
}

extension ParsedCertificate {
    /// In PEM.
    var text: [UInt8] {
        unsafe filled(16 << 10) { bytes, room in unsafe aya_certificate_text(pointer, bytes, room) }
    }
}
