internal import AyaCore

/// The proof that a server has read a WebSocket's handshake (RFC 6455 section 4.2.2), where Aya makes it in the
/// server's stead: over HTTP/2 there is none (RFC 8441 section 5.1), and a client of HTTP/1.1 waits for it.
package enum WebSocketAccept {
    /// The field line for a client's key.
    package static func field(key: Span<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        for index in 0..<key.count { text.append(key[index]) }
        text += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8
        let out = Buffer(capacity: 64)
        out.append("Sec-WebSocket-Accept: ")
        out.appendBase64(SHA1.digest(text))
        out.append("\r\n")
        return unsafe Array(out.unread)
    }
}

/// SHA-1 (FIPS 180-4 section 6.1), which is broken for signatures and good enough for what RFC 6455 uses it for.
enum SHA1 {
    static func digest(_ message: [UInt8]) -> [UInt8] {
        var state: [UInt32] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0]
        var padded = message + [0x80]
        padded += Array(repeating: 0, count: (120 - padded.count % 64) % 64)
        let bits = UInt64(message.count) &* 8
        for shift in stride(from: 56, through: 0, by: -8) { padded.append(UInt8(truncatingIfNeeded: bits >> shift)) }
        for block in stride(from: 0, to: padded.count, by: 64) { mix(padded[block..<block + 64], into: &state) }
        return state.flatMap { word in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) } }
    }

    private static func mix(_ block: ArraySlice<UInt8>, into state: inout [UInt32]) {
        var words = stride(from: block.startIndex, to: block.endIndex, by: 4).map { at in
            block[at..<at + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
        for index in 16..<80 {
            words.append(rotated(words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16], 1))
        }
        var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
        for (index, word) in words.enumerated() {
            let (choice, constant): (UInt32, UInt32) =
                switch index / 20 {
                case 0: (b & c | ~b & d, 0x5a82_7999)
                case 1: (b ^ c ^ d, 0x6ed9_eba1)
                case 2: (b & c | b & d | c & d, 0x8f1b_bcdc)
                default: (b ^ c ^ d, 0xca62_c1d6)
                }
            let next = rotated(a, 5) &+ choice &+ e &+ constant &+ word
            (a, b, c, d, e) = (next, a, rotated(b, 30), c, d)
        }
        for (index, word) in [a, b, c, d, e].enumerated() { state[index] &+= word }
    }

    private static func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 { word << count | word >> (32 - count) }
}
