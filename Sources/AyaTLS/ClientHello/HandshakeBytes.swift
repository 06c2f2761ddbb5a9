/// The first handshake message, put together from the records that carry it (RFC 8446 section 5.1).
///
/// A message may be split over records anywhere, even inside its header; censorship-avoiding clients do it on purpose.
/// Once a connection it is copied, which keeps the parser behind it on one span.
struct HandshakeBytes {
    var isTLS: Bool
    /// The body, without the four bytes of the handshake header.
    var bytes: [UInt8]

    /// nil while more bytes are needed.
    static func collect(_ bytes: Span<UInt8>) throws(ClientHello.Fault) -> HandshakeBytes? {
        // The record header: type 22, version 3.x, length. What can be told from its first bytes is told at once.
        guard bytes.count > 0 else { return nil }
        guard bytes[0] == 22 else { return HandshakeBytes(isTLS: false, bytes: []) }
        guard bytes.count > 1 else { return nil }
        guard bytes[1] == 3 else { return HandshakeBytes(isTLS: false, bytes: []) }
        var message: [UInt8] = []
        var expected = -1
        var at = 0
        let limit = min(bytes.count, ClientHello.largest)
        while at < limit {
            guard bytes[at] == 22 else { throw .badRecord }
            guard at &+ 1 < limit else { break }
            guard bytes[at &+ 1] == 3 else { throw .badRecord }
            guard at &+ 5 <= limit else { break }
            let length = Int(bytes[at &+ 3]) << 8 | Int(bytes[at &+ 4])
            // Handshake records are never empty, and plaintext has at most 2^14 bytes.
            guard length > 0, length <= 16384 else { throw .badRecord }
            let start = at &+ 5
            let end = min(start &+ length, limit)
            for index in start..<end { message.append(bytes[index]) }
            if expected < 0, let first = message.first {
                guard first == 1 else { throw .notClientHello }
                if message.count >= 4 {
                    expected = 4 &+ (Int(message[1]) << 16 | Int(message[2]) << 8 | Int(message[3]))
                    guard expected <= ClientHello.largest else { throw .tooLong }
                }
            }
            if expected >= 0, message.count >= expected {
                // The client has to wait for an answer, so the message ends its record.
                guard message.count == expected, start &+ length == end else { throw .badStructure }
                return HandshakeBytes(isTLS: true, bytes: Array(message[4...]))
            }
            at = start &+ length
        }
        guard bytes.count < ClientHello.largest else { throw .tooLong }
        return nil
    }
}
