internal import AyaCore

/// ICMP echo (RFC 792, RFC 4443 section 4): the request, and whether a packet is its answer.
///
/// The payload carries a number that nobody can guess: the kernel replaces identifiers of ping sockets, and a raw one
/// sees the answers to everybody's requests.
struct EchoMessage {
    let family: IPAddress.Family
    let sequence: UInt16
    let nonce: UInt64

    /// With its checksum where the kernel does not fill it in; IPv6's covers addresses that only the kernel knows.
    var request: [UInt8] {
        var bytes: [UInt8] = [family == .v4 ? 8 : 128, 0, 0, 0]
        // The identifier.
        bytes += [UInt8(truncatingIfNeeded: nonce >> 8), UInt8(truncatingIfNeeded: nonce)]
        bytes += [UInt8(truncatingIfNeeded: sequence >> 8), UInt8(truncatingIfNeeded: sequence)]
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: nonce >> UInt64(shift)))
        }
        if family == .v4 {
            let sum = Self.checksum(bytes)
            bytes[2] = UInt8(truncatingIfNeeded: sum >> 8)
            bytes[3] = UInt8(truncatingIfNeeded: sum)
        }
        return bytes
    }

    /// Whether the packet is the answer; `hasHeader`: an IPv4 header stands in front.
    func isAnswered(by packet: Span<UInt8>, hasHeader: Bool) -> Bool {
        var offset = 0
        if hasHeader {
            guard packet.count > 0, packet[0] >> 4 == 4 else { return false }
            offset = Int(packet[0] & 15) * 4
        }
        guard packet.count >= offset + 16, packet[offset] == (family == .v4 ? 0 : 129) else { return false }
        let sent = request
        for index in 6..<16 where packet[offset + index] != sent[index] { return false }
        return true
    }

    /// The Internet checksum (RFC 1071) of an even number of bytes.
    static func checksum(_ bytes: [UInt8]) -> UInt16 {
        var sum: UInt32 = 0
        for index in stride(from: 0, to: bytes.count - 1, by: 2) {
            sum &+= UInt32(bytes[index]) << 8 | UInt32(bytes[index + 1])
        }
        while sum >> 16 != 0 { sum = sum & 0xffff &+ sum >> 16 }
        return ~UInt16(truncatingIfNeeded: sum)
    }
}
