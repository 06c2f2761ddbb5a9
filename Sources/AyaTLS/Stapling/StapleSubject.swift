/// What an authority is asked about a certificate, and where: there when the certificate names a responder (RFC 5280
/// section 4.2.2.1) and the file has its issuer's certificate too.
package struct StapleSubject: Hashable, Sendable {
    /// The responder's `http` URL.
    package let responder: String
    /// SHA-1 digests of the issuer's name and key, and the certificate's serial number. Both sides use them as names
    /// (RFC 5019 section 2.1.1); nothing rests on their strength.
    let nameDigest: [UInt8]
    let keyDigest: [UInt8]
    let serial: [UInt8]
    /// The issuer's certificate in DER, whose signature answers need.
    let issuer: [UInt8]

    /// A name for what is kept about it.
    package var fileName: String {
        let digest = Digest.sha256(nameDigest + keyDigest + serial)
        return digest.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined() + ".ocsp"
    }

    static let sha1: [UInt8] = [0x2b, 0x0e, 0x03, 0x02, 0x1a]

    /// An `OCSPRequest` (RFC 6960 section 4.1.1) without a nonce: answers that are made in advance have none, and how
    /// old one may be is said in it.
    package var request: [UInt8] {
        let algorithm = DERTag.element(
            DERTag.sequence, DERTag.element(DERTag.objectIdentifier, Self.sha1) + DERTag.element(DERTag.null, []))
        let identifier = DERTag.element(
            DERTag.sequence,
            algorithm + DERTag.element(DERTag.octetString, nameDigest) + DERTag.element(DERTag.octetString, keyDigest)
                + DERTag.element(DERTag.integer, serial))
        // Each of them is a sequence around the one before: a request, the list of them, what is signed, the whole.
        return (0..<4).reduce(identifier) { inner, _ in DERTag.element(DERTag.sequence, inner) }
    }
}
