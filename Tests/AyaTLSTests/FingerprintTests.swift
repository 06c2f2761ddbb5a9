import AyaTLS
import Testing

/// JA4 of ClientHellos that are put together here. The digests were computed with sha256sum.
@Suite struct FingerprintTests {
    private static func vector(_ bytes: [UInt8], _ size: Int) -> [UInt8] {
        (size == 2 ? [UInt8(bytes.count >> 8)] : []) + [UInt8(bytes.count & 255)] + bytes
    }

    private static func numbers(_ list: [Int]) -> [UInt8] { list.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] } }

    private static func hello(ciphers: [Int], extensions: [(Int, [UInt8])]) -> [UInt8] {
        let list = extensions.flatMap { numbers([$0.0]) + vector($0.1, 2) }
        let start = numbers([0x0303]) + [UInt8](repeating: 7, count: 32) + [0]
        return start + vector(numbers(ciphers), 2) + [1, 0] + vector(list, 2)
    }

    @Test func partsInTheirOrder() {
        let name = Self.vector([0] + Self.vector(Array("a.example".utf8), 2), 2)
        let hello = Self.hello(
            ciphers: [0x2a2a, 0x1302, 0x1301],
            extensions: [
                (0x3a3a, []), (0, name), (16, Self.vector(Self.vector(Array("h2".utf8), 1), 2)),
                (43, Self.vector(Self.numbers([0x4a4a, 0x0304]), 1)),
                (13, Self.vector(Self.numbers([0x0403, 0x0804]), 2)), (10, Self.vector(Self.numbers([29]), 2)),
            ])
        let fingerprint = Fingerprint(hello: hello.span)
        #expect(fingerprint?.ja4 == "t13d0205h2_62ed6f6ca7ad_fbabbea27ee8")
    }

    @Test func nothingAtAll() {
        let bare = Self.numbers([0x0303]) + [UInt8](repeating: 7, count: 32) + [0] + Self.vector([], 2) + [1, 0]
        let fingerprint = Fingerprint(hello: bare.span)
        #expect(fingerprint?.ja4 == "t12i000000_000000000000_000000000000")
        let cut = Array(bare.dropLast(3))
        let none = Fingerprint(hello: cut.span)
        #expect(none == nil)
    }
}
