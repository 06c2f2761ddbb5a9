internal import CAyaCrypto
internal import CNIOBoringSSL

/// An authority's word on a certificate, read and believed: signed by the issuer or by whom the issuer named for that,
/// about this certificate, and of this time (RFC 6960 section 3.2).
package struct OCSPAnswer: Sendable {
    /// In DER, as clients get it.
    package let bytes: [UInt8]
    /// Seconds since 1970. Without an end, the authority has newer information at any time.
    package let thisUpdate: Int64
    package let nextUpdate: Int64?
    /// When a newer one is asked for: half of its time has passed.
    package var refresh: Int64 { thisUpdate + (expiry - thisUpdate) / 2 }
    /// When it is of no more use.
    package var expiry: Int64 { nextUpdate ?? thisUpdate + Self.endless }

    /// For those without an end.
    private static let endless: Int64 = 24 * 3600
    /// By how much clocks may differ.
    private static let tolerance: Int64 = 300

    /// - Throws: what is wrong with it, for the log.
    package init(_ bytes: [UInt8], about subject: StapleSubject, now: Int64) throws(CertificateFault) {
        self.bytes = bytes
        let basic = try BasicResponse(bytes)
        guard let single = basic.singles.first(where: { $0.isAbout(subject) }) else {
            throw CertificateFault("the answer is about another certificate")
        }
        switch single.status {
        case .good: break
        case .revoked: throw CertificateFault("the certificate is revoked")
        case .unknown: throw CertificateFault("the responder does not know the certificate")
        }
        thisUpdate = single.thisUpdate
        nextUpdate = single.nextUpdate
        guard thisUpdate <= now + Self.tolerance else { throw CertificateFault("the answer is of the future") }
        guard expiry > now, expiry > thisUpdate else { throw CertificateFault("the answer is too old") }
        try basic.verify(against: subject.issuer, now: now)
    }
}

/// What a responder says, taken apart (RFC 6960 section 4.2.1).
struct BasicResponse {
    struct Single {
        enum Status { case good, revoked, unknown }
        var algorithm: [UInt8]
        var nameDigest: [UInt8]
        var keyDigest: [UInt8]
        var serial: [UInt8]
        var status: Status
        var thisUpdate: Int64
        var nextUpdate: Int64?

        func isAbout(_ subject: StapleSubject) -> Bool {
            algorithm == StapleSubject.sha1 && nameDigest == subject.nameDigest && keyDigest == subject.keyDigest
                && serial == subject.serial
        }
    }

    private(set) var singles: [Single] = []
    /// What the signature covers, how and with what it was made.
    private let signed: [UInt8]
    private let algorithm: [UInt8]
    private let signature: [UInt8]
    /// Of those who may have signed, in DER.
    private let certificates: [[UInt8]]

    private static let malformed = CertificateFault("the answer is not of OCSP")
    /// id-pkix-ocsp-basic
    private static let basic: [UInt8] = [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x01]
    /// Nobody needs more: an answer is about one certificate.
    private static let mostParts = 64

    init(_ bytes: [UInt8]) throws(CertificateFault) {
        var outer = DERReader(bytes)
        guard var whole = outer.enter(DERTag.sequence), outer.isAtEnd, let status = whole.next(DERTag.enumerated) else {
            throw Self.malformed
        }
        let number = whole.bytes(status.content)
        guard number == [0] else { throw CertificateFault("the responder refuses (\(Self.refusal(number)))") }
        guard var explicit = whole.enter(DERTag.explicit(0)), var typed = explicit.enter(DERTag.sequence),
            let type = typed.next(DERTag.objectIdentifier), typed.bytes(type.content) == Self.basic,
            let inner = typed.next(DERTag.octetString)
        else { throw Self.malformed }
        var octets = DERReader(typed.bytes(inner.content))
        guard var response = octets.enter(DERTag.sequence), let data = response.next(DERTag.sequence),
            let algorithm = response.next(DERTag.sequence), let signature = response.next(DERTag.bitString),
            response.bytes(signature.content).first == 0
        else { throw Self.malformed }
        signed = response.bytes(data.whole)
        self.algorithm = response.bytes(algorithm.whole)
        self.signature = Array(response.bytes(signature.content).dropFirst())
        certificates = try Self.certificates(&response)
        singles = try Self.singles(DERReader(signed))
    }

    private static func refusal(_ number: [UInt8]) -> String {
        switch number {
        case [1]: "malformed request"
        case [2]: "internal error"
        case [3]: "try later"
        case [5]: "a signature is required"
        case [6]: "unauthorized"
        default: "unknown reason"
        }
    }

    private static func certificates(_ response: inout DERReader) throws(CertificateFault) -> [[UInt8]] {
        guard var explicit = response.enter(DERTag.explicit(0)) else { return [] }
        guard var list = explicit.enter(DERTag.sequence) else { throw malformed }
        var found: [[UInt8]] = []
        while !list.isAtEnd {
            guard found.count < mostParts, let one = list.next(DERTag.sequence) else { throw malformed }
            found.append(list.bytes(one.whole))
        }
        return found
    }

    private static func singles(_ reader: DERReader) throws(CertificateFault) -> [Single] {
        var outer = reader
        guard var data = outer.enter(DERTag.sequence) else { throw malformed }
        _ = data.next(DERTag.explicit(0))
        // Who answers, by name or by key; the signature tells better.
        guard data.next(DERTag.explicit(1)) ?? data.next(DERTag.explicit(2)) != nil,
            data.next(DERTag.generalizedTime) != nil, var list = data.enter(DERTag.sequence)
        else { throw malformed }
        var found: [Single] = []
        while !list.isAtEnd {
            guard found.count < mostParts, var one = list.enter(DERTag.sequence), let single = single(&one) else {
                throw malformed
            }
            found.append(single)
        }
        return found
    }

    private static func single(_ reader: inout DERReader) -> Single? {
        guard var identifier = reader.enter(DERTag.sequence), var algorithm = identifier.enter(DERTag.sequence),
            let type = algorithm.next(DERTag.objectIdentifier), let name = identifier.next(DERTag.octetString),
            let key = identifier.next(DERTag.octetString), let serial = identifier.next(DERTag.integer),
            let status = status(&reader), let thisUpdate = reader.next().flatMap(reader.time)
        else { return nil }
        var nextUpdate: Int64?
        if var explicit = reader.enter(DERTag.explicit(0)) {
            guard let time = explicit.next().flatMap(explicit.time) else { return nil }
            nextUpdate = time
        }
        return Single(
            algorithm: algorithm.bytes(type.content), nameDigest: identifier.bytes(name.content),
            keyDigest: identifier.bytes(key.content), serial: identifier.bytes(serial.content), status: status,
            thisUpdate: thisUpdate, nextUpdate: nextUpdate)
    }

    private static func status(_ reader: inout DERReader) -> Single.Status? {
        switch reader.next()?.tag {
        case DERTag.context(0): .good
        case DERTag.explicit(1): .revoked
        case DERTag.context(2): .unknown
        default: nil
        }
    }

    /// Whether the issuer signed it, or somebody whose certificate the issuer made for that (section 4.2.2.2).
    func verify(against issuer: [UInt8], now: Int64) throws(CertificateFault) {
        guard let authority = ParsedCertificate(der: issuer) else {
            throw CertificateFault("the issuer is no certificate")
        }
        if isSigned(by: authority) { return }
        for bytes in certificates {
            guard let delegate = ParsedCertificate(der: bytes), isSigned(by: delegate) else { continue }
            guard unsafe aya_ocsp_is_delegate(delegate.pointer, authority.pointer) == 1 else {
                throw CertificateFault("who signed the answer may not speak for the issuer")
            }
            guard delegate.notBefore <= now, delegate.notAfter >= now else {
                throw CertificateFault("the certificate of who signed the answer is out of its time")
            }
            return
        }
        throw CertificateFault("the answer's signature is not of the issuer")
    }

    private func isSigned(by certificate: ParsedCertificate) -> Bool {
        unsafe aya_ocsp_verify(
            certificate.pointer, algorithm, algorithm.count, signed, signed.count, signature, signature.count) == 1
    }
}
