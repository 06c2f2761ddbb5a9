internal import AyaACME
internal import AyaTelemetry

/// What must hold for anything that an authority answers: documents, places, times, names.
enum AuthorityChecks {
    static func bytes(_ bytes: [UInt8]) {
        if let document = JSONValue(bytes) { walk(document, depth: 0) }
        let text = String(decoding: bytes, as: UTF8.self)
        if let decoded = Base64URL.decode(text) {
            // Bits that stand for no byte are lost, so the way back is the one that has to fit.
            precondition(Base64URL.decode(Base64URL.encode(decoded)) == decoded, "base64url is lossy")
        }
        check(text)
    }

    private static func walk(_ value: JSONValue, depth: Int) {
        precondition(depth <= 17, "nested deeper than allowed")
        switch value {
        case .null, .boolean: break
        case .number(let number): precondition(number.isFinite, "no number of JSON")
        case .string(let text): check(text)
        case .array(let elements): for element in elements { walk(element, depth: depth + 1) }
        case .object(let members): for member in members { walk(member.value, depth: depth + 1) }
        }
    }

    private static func check(_ text: String) {
        if let address = HTTPSAddress(text) {
            precondition(!address.host.isEmpty && address.port > 0 && address.target.hasPrefix("/"), "an odd address")
            // They become lines of a request.
            precondition(address.target.utf8.allSatisfy { $0 > 32 && $0 < 127 }, "a target with space in it")
            precondition(address.host.utf8.allSatisfy { $0 > 32 && $0 < 127 }, "a host with space in it")
        }
        if let seconds = WallTime.seconds(text) {
            precondition((-70_000_000_000...260_000_000_000).contains(seconds), "a time out of four digits' reach")
        }
    }
}
