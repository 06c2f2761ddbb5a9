internal import AyaCore
internal import Testing

@testable internal import AyaHealth

/// What an ICMP echo looks like, and what is not its answer.
struct EchoMessageTests {
    private let message = EchoMessage(family: .v4, sequence: 7, nonce: 0x0123_4567_89ab_cdef)

    private func isAnswer(_ packet: [UInt8], _ hasHeader: Bool) -> Bool {
        message.isAnswered(by: packet.span, hasHeader: hasHeader)
    }

    /// As a host answers: the type changes, and the checksum with it.
    private func answer(_ message: EchoMessage) -> [UInt8] {
        var bytes = message.request
        bytes[0] = message.family == .v4 ? 0 : 129
        return bytes
    }

    @Test func requestHasItsChecksum() {
        // Over the message with its checksum in place, the sum is zero (RFC 1071).
        #expect(EchoMessage.checksum(message.request) == 0)
        #expect(message.request.count == 16 && message.request[0] == 8)
        #expect(EchoMessage(family: .v6, sequence: 7, nonce: 1).request.prefix(4) == [128, 0, 0, 0])
    }

    @Test func answers() {
        #expect(isAnswer(answer(message), false))
        let header: [UInt8] = [0x46] + [UInt8](repeating: 0, count: 23)
        #expect(isAnswer((header + answer(message)), true))
        let other = EchoMessage(family: .v4, sequence: 7, nonce: 1)
        #expect(!isAnswer(answer(other), false))
        #expect(!isAnswer(message.request, false), "our own request, on the loopback")
    }

    @Test func nothingTraps() {
        let whole = [0x4f] + [UInt8](repeating: 0, count: 59) + answer(message)
        for length in 0...whole.count {
            _ = isAnswer(Array(whole.prefix(length)), true)
            _ = isAnswer(Array(whole.prefix(length)), false)
        }
        #expect(isAnswer(whole, true))
    }
}
