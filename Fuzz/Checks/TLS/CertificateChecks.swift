internal import AyaTLS

/// What must hold for any file that is given for a certificate or a key.
///
/// The first byte says what the rest stands for: PEM text of both, or the DER of a certificate or of a key, whose other
/// half is sound.
enum CertificateChecks {
    static func bytes(_ bytes: [UInt8]) {
        guard let kind = bytes.first else { return }
        let rest = Array(bytes.dropFirst())
        switch kind & 3 {
        case 0: load(rest, rest)
        case 1: load(wrapped(rest, "CERTIFICATE"), Array(key.utf8))
        case 2: load(Array(certificate.utf8), wrapped(rest, "PRIVATE KEY"))
        default: load(wrapped(rest, "CERTIFICATE") + Array(certificate.utf8), wrapped(rest, "EC PRIVATE KEY"))
        }
    }

    private static func load(_ chain: [UInt8], _ key: [UInt8]) {
        do {
            let loaded = try Certificate(chain: chain, key: key, ocsp: chain, now: 0)
            precondition(loaded.names.allSatisfy { !$0.isEmpty && $0 == $0.lowercased() }, "an odd name")
            let store = CertificateStore()
            store.replace("fuzz", with: [loaded])
            precondition(!store.isEmpty, "a certificate was lost")
        } catch {
            precondition(!error.description.isEmpty, "no reason given")
        }
    }

    /// As PEM (RFC 7468).
    private static func wrapped(_ bytes: [UInt8], _ label: String) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text = Array("-----BEGIN \(label)-----\n".utf8)
        var column = 0
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let part = bytes[start..<min(start + 3, bytes.count)]
            let number = part.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - part.count))
            for position in 0..<4 {
                text.append(position > part.count ? 61 : alphabet[number >> (18 - 6 * position) & 63])
            }
            column += 4
            if column == 64 {
                text.append(10)
                column = 0
            }
        }
        return text + Array("\n-----END \(label)-----\n".utf8)
    }

    /// For tests alone.
    static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBrzCCAVSgAwIBAgIUOEFnILxa7ujYu0SmOrlf0hKgVhMwCgYIKoZIzj0EAwIw
        FzEVMBMGA1UEAwwMZnV6ei5leGFtcGxlMCAXDTI2MTEyMjIxNDE0OFoYDzIxMjYx
        MDI5MjE0MTQ4WjAXMRUwEwYDVQQDDAxmdXp6LmV4YW1wbGUwWTATBgcqhkjOPQIB
        BggqhkjOPQMBBwNCAAS5uUjE6XMsOog7hvr4CS4VEEcmQP9vR96MutPcGh1qAF0/
        VmSbTM3ksq3qp/HEs6xvxGI2pwaAohNTvlSM7GhMo3wwejAdBgNVHQ4EFgQUbVQn
        BoSczwwYnHb93mPQ40zGvpkwHwYDVR0jBBgwFoAUbVQnBoSczwwYnHb93mPQ40zG
        vpkwDwYDVR0TAQH/BAUwAwEB/zAnBgNVHREEIDAeggxmdXp6LmV4YW1wbGWCDiou
        ZnV6ei5leGFtcGxlMAoGCCqGSM49BAMCA0kAMEYCIQC7oB4l5LTHKlwOv48t7i+c
        IUiC7brvtsV86jyht+nOUwIhAPNwAk9oHVYhy93stu/M6phoaPN+v4PAsokz18zl
        FLWB
        -----END CERTIFICATE-----
        """

    static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgoQ8QUBCpGy4UOp53
        jyIgqMfjrdTtbOvfS1lS3pgtOoChRANCAAS5uUjE6XMsOog7hvr4CS4VEEcmQP9v
        R96MutPcGh1qAF0/VmSbTM3ksq3qp/HEs6xvxGI2pwaAohNTvlSM7GhM
        -----END PRIVATE KEY-----
        """
}
