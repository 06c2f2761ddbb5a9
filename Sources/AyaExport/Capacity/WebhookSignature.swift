internal import AyaTLS

/// By which the receiver of a webhook knows that it comes from whoever has the key, and when.
package struct WebhookSignature: Sendable {
    private let key: [UInt8]

    /// - Parameter key: its bytes; or `whsec_` and the bytes in base64.
    package init(key: String) {
        let prefix = "whsec_"
        let decoded = key.hasPrefix(prefix) ? Base64.decode(key.dropFirst(prefix.count)) : nil
        self.key = decoded ?? Array(key.utf8)
    }

    package func headers(id: String, seconds: Int64, body: [UInt8]) -> [(name: String, value: String)] {
        let signed = Array("\(id).\(seconds).".utf8) + body
        return [
            ("webhook-id", id), ("webhook-timestamp", "\(seconds)"),
            ("webhook-signature", "v1,\(Base64.encode(Digest.authenticate(signed, key: key)))"),
        ]
    }
}

extension Base64 {
    /// Nil for what is none; what fills up the last group may be left out.
    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var bytes: [UInt8] = []
        var (group, count): (UInt32, Int) = (0, 0)
        let digits = text.utf8.reversed().drop { $0 == UInt8(ascii: "=") }.reversed()
        for character in digits {
            let digit: UInt8
            switch character {
            case 65...90: digit = character - 65
            case 97...122: digit = character - 71
            case 48...57: digit = character + 4
            case UInt8(ascii: "+"): digit = 62
            case UInt8(ascii: "/"): digit = 63
            default: return nil
            }
            group = group << 6 | UInt32(digit)
            count += 1
            guard count == 4 else { continue }
            bytes += [16, 8, 0].map { UInt8(truncatingIfNeeded: group >> $0) }
            (group, count) = (0, 0)
        }
        switch count {
        case 0: return bytes
        case 2: return bytes + [UInt8(truncatingIfNeeded: group >> 4)]
        case 3: return bytes + [10, 2].map { UInt8(truncatingIfNeeded: group >> $0) }
        default: return nil
        }
    }
}
