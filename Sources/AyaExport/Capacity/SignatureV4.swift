internal import AyaTLS
internal import AyaTelemetry

/// Signs calls as AWS wants it: Signature Version 4, with the header `Authorization`.
package struct SignatureV4: Sendable {
    private let credentials: AWSCredentials
    private let region: String
    private let service: String

    private static let algorithm = "AWS4-HMAC-SHA256"

    package init(_ credentials: AWSCredentials, region: String, service: String) {
        self.credentials = credentials
        self.region = region
        self.service = service
    }

    /// What the call must have besides, for its method, address, body and the headers that it has already.
    ///
    /// - Parameter time: nanoseconds since 1970.
    package func headers(for call: HTTPCall, at time: Int64) -> [(name: String, value: String)] {
        let moment = Self.moment(time)
        let day = String(moment.prefix(8))
        var added = [(name: "X-Amz-Date", value: moment)]
        if let token = credentials.token { added.append(("X-Amz-Security-Token", token)) }
        let all = [(name: "Host", value: call.address.authority)] + call.headers + added
        let signed = all.map { ($0.name.lowercased(), $0.value) }.sorted { $0.0 < $1.0 }
        let names = signed.map(\.0).joined(separator: ";")
        let parts = call.address.target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let query = parts.count > 1 ? parts[1].split(separator: "&").sorted().joined(separator: "&") : ""
        let request = [
            call.method, String(parts[0]), query, signed.map { "\($0.0):\($0.1)\n" }.joined(), names,
            Self.hexadecimal(Digest.sha256(call.body)),
        ].joined(separator: "\n")
        let scope = "\(day)/\(region)/\(service)/aws4_request"
        let text = [Self.algorithm, moment, scope, Self.hexadecimal(Digest.sha256(Array(request.utf8)))]
            .joined(separator: "\n")
        var key = Array("AWS4\(credentials.secret)".utf8)
        for part in [day, region, service, "aws4_request"] { key = Digest.authenticate(Array(part.utf8), key: key) }
        let signature = Self.hexadecimal(Digest.authenticate(Array(text.utf8), key: key))
        added.append(
            (
                "Authorization",
                "\(Self.algorithm) Credential=\(credentials.accessKey)/\(scope), SignedHeaders=\(names), "
                    + "Signature=\(signature)"
            ))
        return added
    }

    /// `20150830T123600Z`.
    private static func moment(_ time: Int64) -> String {
        var text = Text()
        var timestamp = Timestamp()
        timestamp.append(time, to: &text)
        return text.string.prefix(19).filter { $0 != "-" && $0 != ":" } + "Z"
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
