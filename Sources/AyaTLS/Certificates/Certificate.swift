internal import CAyaCrypto
internal import CNIOBoringSSL
internal import Glibc

/// A certificate with its chain and private key, ready to be shown to clients. Immutable, shared by all workers.
@safe package final class Certificate: @unchecked Sendable {
    // Safe: the library counts references to credentials and keys atomically; both are immutable from here on.
    let credential: OpaquePointer
    /// The DNS names that it is for, in lower case; `*.` in front of a wildcard.
    package let names: [String]
    /// Seconds since 1970.
    package let notBefore: Int64
    package let notAfter: Int64
    /// The identifier of its issuer's key, empty when it says none, and its serial number as DER has it: what names it
    /// to an authority (RFC 9773 section 4.1).
    package let authorityKey: [UInt8]
    package let serial: [UInt8]
    /// What is legal but risky.
    package let warnings: [String]
    /// Signs for it on another thread; nil where a signature is quick.
    let signer: RSASigner?
    /// Whom to ask for an OCSP answer, and about what; nil: nobody.
    package let subject: StapleSubject?
    /// What is shown with it of those answers; nil also while one from a file is.
    package let staple: OCSPAnswer?
    /// An answer from a file goes with it.
    package let hasOwnStaple: Bool
    // Safe: a reference each that is ours, to what is immutable. For the same certificate with another answer.
    private let chain: [OpaquePointer]
    private let key: OpaquePointer

    /// Reads files: the chain with the leaf first, the key, an OCSP answer in DER.
    package convenience init(
        certificate: String, key: String, ocsp: String? = nil, now: Int64 = Certificate.now()
    ) throws(CertificateFault) {
        let chain = try SecretFile(certificate)
        let secret = try SecretFile(key)
        try self.init(
            chain: chain.bytes, key: secret.bytes,
            ocsp: try ocsp.map { path throws(CertificateFault) in
                try SecretFile(path).bytes
            }, chainName: "'\(certificate)'", keyName: "'\(key)'", now: now,
            warnings: secret.isReadableByOthers
                ? ["'\(key)' can be read or changed by others than its owner and group (chmod 640)"] : [])
    }

    /// From PEM text in memory; the names stand in messages.
    package init(
        chain text: [UInt8], key keyText: [UInt8], ocsp: [UInt8]? = nil, chainName: String = "the certificate",
        keyName: String = "the key", now: Int64 = Certificate.now(), warnings: [String] = []
    ) throws(CertificateFault) {
        let chain = PEM.certificates(text)
        guard let leaf = chain.first else {
            throw CertificateFault("\(chainName) holds no certificate in PEM form")
        }
        notBefore = leaf.notBefore
        notAfter = leaf.notAfter
        guard notAfter >= now else {
            throw CertificateFault("the certificate in \(chainName) expired on \(Self.day(notAfter))")
        }
        let key = unsafe try Self.key(keyText, keyName)
        guard unsafe X509_check_private_key(leaf.pointer, key) == 1 else {
            ERR_clear_error()
            unsafe EVP_PKEY_free(key)
            throw CertificateFault("\(keyName) is not the key of the certificate in \(chainName)")
        }
        names = leaf.names
        (authorityKey, serial) = (leaf.authorityKey, leaf.serial)
        signer = unsafe RSASigner(key)
        subject = chain.dropFirst().first.flatMap { leaf.stapleSubject(issuer: $0) }
        staple = nil
        hasOwnStaple = ocsp != nil
        unsafe self.key = unsafe key
        unsafe self.chain = unsafe chain.compactMap { unsafe $0.makeBuffer() }
        do throws(CertificateFault) {
            unsafe credential = unsafe try Self.credential(self.chain, key, signer, ocsp, chainName)
        } catch {
            unsafe Self.release(self.chain, key)
            throw error
        }
        self.warnings =
            warnings
            + (leaf.mustStaple && ocsp == nil && subject == nil
                ? ["the certificate in \(chainName) is good with an OCSP answer only, and nobody can be asked for one"]
                : [])
            + (notBefore > now ? ["the certificate in \(chainName) is not valid before \(Self.day(notBefore))"] : [])
            + (names.isEmpty ? ["the certificate in \(chainName) names no host"] : [])
    }

    /// The same certificate with another answer, or without one.
    package init(_ other: Certificate, staple: OCSPAnswer?) throws(CertificateFault) {
        names = other.names
        (notBefore, notAfter) = (other.notBefore, other.notAfter)
        (authorityKey, serial) = (other.authorityKey, other.serial)
        warnings = other.warnings
        signer = other.signer
        subject = other.subject
        self.staple = staple
        hasOwnStaple = false
        unsafe chain = unsafe other.chain
        unsafe key = unsafe other.key
        unsafe chain.forEach { unsafe _ = CRYPTO_BUFFER_up_ref($0) }
        unsafe EVP_PKEY_up_ref(key)
        do throws(CertificateFault) {
            unsafe credential = unsafe try Self.credential(chain, key, signer, staple?.bytes, "memory")
        } catch {
            unsafe Self.release(chain, key)
            throw error
        }
    }

    deinit {
        unsafe SSL_CREDENTIAL_free(credential)
        unsafe Self.release(chain, key)
    }

    private static func release(_ chain: [OpaquePointer], _ key: OpaquePointer) {
        unsafe chain.forEach { unsafe CRYPTO_BUFFER_free($0) }
        unsafe EVP_PKEY_free(key)
    }

    private static func key(_ text: [UInt8], _ name: String) throws(CertificateFault) -> OpaquePointer {
        switch unsafe PEM.privateKey(text) {
        case .key(let key): return unsafe key
        case .encrypted:
            throw CertificateFault("the key in \(name) is encrypted; it has to be stored without a password")
        case .none: throw CertificateFault("\(name) holds no private key in PEM form")
        }
    }

    private static func credential(
        _ chain: [OpaquePointer], _ key: OpaquePointer, _ signer: RSASigner?, _ ocsp: [UInt8]?, _ name: String
    ) throws(CertificateFault) -> OpaquePointer {
        guard let credential = unsafe SSL_CREDENTIAL_new_x509() else { throw CertificateFault("out of memory") }
        let buffers = unsafe chain.map { unsafe Optional($0) }
        var works = unsafe SSL_CREDENTIAL_set1_cert_chain(credential, buffers, buffers.count) == 1
        if let signer {
            works = unsafe works && signer.install(in: credential)
        } else {
            works = unsafe works && SSL_CREDENTIAL_set1_private_key(credential, key) == 1
        }
        if let ocsp, let answer = unsafe CRYPTO_BUFFER_new(ocsp, ocsp.count, nil) {
            works = unsafe works && SSL_CREDENTIAL_set1_ocsp_response(credential, answer) == 1
            unsafe CRYPTO_BUFFER_free(answer)
        }
        guard works else {
            unsafe SSL_CREDENTIAL_free(credential)
            let reason = unsafe aya_last_error().map { unsafe String(cString: $0) } ?? ""
            throw CertificateFault("the certificate in \(name) can't be used: \(reason.lowercased())")
        }
        return unsafe credential
    }

    /// Seconds since 1970.
    package static func now() -> Int64 { Int64(time(nil)) }

    /// Of that moment, as `2026-11-22`.
    package static func day(_ seconds: Int64) -> String {
        var time = time_t(seconds)
        var parts = unsafe tm()
        unsafe gmtime_r(&time, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return unsafe "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
    }
}
