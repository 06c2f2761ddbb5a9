internal import AyaCore
internal import AyaHTTP
internal import AyaTelemetry

/// A service that takes batches by HTTP: what Loki, Elasticsearch and Splunk have in common.
package final class RecordCollector {
    private let caller: HTTPCaller
    private let address: HTTPAddress
    private let headers: [(name: String, value: String)]

    package init(
        _ caller: HTTPCaller, _ address: HTTPAddress, contentType: String, headers: [(name: String, value: String)] = []
    ) {
        self.caller = caller
        self.address = address
        self.headers = [("Content-Type", contentType)] + headers
    }

    /// `Authorization` for a user with a password (RFC 7617), or for a token under its scheme; nil without a secret.
    package static func authorization(
        user: String?, secret: String?, scheme: String
    ) -> (name: String, value: String)? {
        guard let secret else { return nil }
        guard let user else { return ("Authorization", "\(scheme) \(secret)") }
        return ("Authorization", "Basic \(Base64.encode(Array("\(user):\(secret)".utf8)))")
    }

    /// What the service answered to a batch, when that is to be looked into.
    enum Outcome {
        case taken(HTTPAnswer)
        case later(String)
        case never(String)
    }

    func post(_ body: [UInt8]) -> Outcome {
        switch caller.call(HTTPCall(address, headers: headers, body: body)) {
        case .failure(let fault): return .later(fault.description)
        case .success(let answer):
            let text = "\(address.host) answered \(answer.status): \(answer.excerpt)"
            switch answer.status {
            case 200...299: return .taken(answer)
            // What may be otherwise later: no time, too many calls, a fault of the service, a token renewed.
            case 401, 403, 404, 408, 425, 429, 500...599: return .later(text)
            default: return .never(text)
            }
        }
    }
}

/// RFC 4648 section 4.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let count = min(3, bytes.count - index)
            var group: UInt32 = 0
            for offset in 0..<3 { group = group << 8 | (offset < count ? UInt32(bytes[index + offset]) : 0) }
            for place in 0..<4 {
                let digit = alphabet[Int(group >> UInt32(18 - 6 * place) & 63)]
                text.append(place <= count ? digit : UInt8(ascii: "="))
            }
            index += 3
        }
        return String(decoding: text, as: UTF8.self)
    }
}
