internal import AyaCore
internal import Testing

@Suite struct BufferAddressTests {
    @Test(arguments: [
        "0.0.0.0", "127.0.0.1", "255.10.100.9", "::", "::1", "1::", "2001:db8::1", "2001:0:0:1::1", "1:0:2:3:4:5:6:7",
        "fe80::1:0:0:1", "::ffff:192.0.2.1", "1:2:3:4:5:6::", "::2:3:4:5:6:7:8",
    ])
    func textIsTheDescription(text: String) throws {
        let address = try #require(IPAddress(text))
        let buffer = Buffer(capacity: 64)
        buffer.append(address)
        #expect(unsafe String(decoding: buffer.unread, as: UTF8.self) == address.description)
        buffer.clear()
        let socket = SocketAddress(ip: address, port: 8080)
        buffer.append(socket)
        #expect(unsafe String(decoding: buffer.unread, as: UTF8.self) == socket.description)
    }

    @Test func randomAddressesAgree() {
        var random = RandomSource(seed: 2)
        for _ in 0..<2_000 {
            // Many zero groups, so that runs of them of every kind occur.
            let mask = { (random: inout RandomSource) in
                (0..<4).reduce(UInt64(0)) { word, _ in word << 16 | (Bool.random(using: &random) ? 0xffff : 0) }
            }
            let address = IPAddress(
                v6High: random.next() & mask(&random), low: random.next() & mask(&random))
            let buffer = Buffer(capacity: 64)
            buffer.append(address)
            #expect(unsafe String(decoding: buffer.unread, as: UTF8.self) == address.description)
        }
    }
}
