internal import AyaCore
internal import AyaHTTP
internal import Testing

/// Bytes from hexadecimal digits, spaces between them ignored.
func hex(_ text: String) -> [UInt8] {
    let digits = text.filter { $0 != " " && $0 != "\n" }.map { UInt8($0.hexDigitValue ?? 0) }
    return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

func bytes(_ buffer: Buffer) -> [UInt8] { unsafe Array(buffer.unread) }

/// The fields of a block as `name: value`.
func lines(_ block: FieldBlock) -> [String] {
    block.fields.map { field in
        let name = unsafe String(decoding: block.name(field), as: UTF8.self)
        return unsafe name + ": " + String(decoding: block.value(field), as: UTF8.self)
    }
}

@Suite("HPACK (RFC 7541)")
struct HPACKTests {
    private let block = FieldBlock()

    private func decode(_ text: String, _ decoder: HPACKDecoder, limits: HTTP2Limits = HTTP2Limits()) -> [String]? {
        block.begin(limits: limits)
        return decoder.decode(hex(text).span, into: block) == nil ? lines(block) : nil
    }

    private func fault(_ text: String, _ decoder: HPACKDecoder = HPACKDecoder()) -> HTTP2Code? {
        block.begin(limits: HTTP2Limits())
        return decoder.decode(hex(text).span, into: block)?.code
    }

    @Test("5.1 and C.1: integers, through the size of a string")
    func integers() {
        // A value of 1337 bytes, whose length takes two bytes more than its prefix.
        let long = String(repeating: "61", count: 1337)
        #expect(decode("0001 78 7f ba09" + long, HPACKDecoder())?.first?.count == 3 + 1337)
        #expect(fault("ff ffff ffff ffff ffff ff") == .compressionError)
        #expect(fault("7f") == .compressionError)
        #expect(fault("ff8080808080808000") == .compressionError)
    }

    @Test(
        "C.2: each representation",
        arguments: [
            ("400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572", "custom-key: custom-header"),
            ("040c 2f73 616d 706c 652f 7061 7468", ":path: /sample/path"),
            ("1008 7061 7373 776f 7264 0673 6563 7265 74", "password: secret"), ("82", ":method: GET"),
        ])
    func representations(text: String, field: String) {
        let decoder = HPACKDecoder()
        #expect(decode(text, decoder) == [field])
        #expect(decoder.table.count == (text.hasPrefix("400a") ? 1 : 0))
    }

    static let requests = [
        [":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com"],
        [":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com", "cache-control: no-cache"],
        [
            ":method: GET", ":scheme: https", ":path: /index.html", ":authority: www.example.com",
            "custom-key: custom-value",
        ],
    ]

    @Test(
        "C.3 and C.4: requests, plain and Huffman-coded",
        arguments: [
            [
                "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d", "8286 84be 5808 6e6f 2d63 6163 6865",
                "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65",
            ],
            [
                "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff", "8286 84be 5886 a8eb 1064 9cbf",
                "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf",
            ],
        ])
    func requests(blocks: [String]) {
        let decoder = HPACKDecoder()
        for (text, fields) in zip(blocks, Self.requests) { #expect(decode(text, decoder) == fields) }
        #expect(decoder.table.count == 3)
        #expect(decoder.table.size == 164)
    }

    @Test(
        "C.5 and C.6: responses, with eviction from a table of 256 bytes",
        arguments: [
            [
                """
                4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120
                474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d
                """, "4803 3330 37c1 c0bf",
                """
                88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 7738
                666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33
                3630 303b 2076 6572 7369 6f6e 3d31
                """,
            ],
            [
                """
                4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718
                63c7 8f0b 97c8 e9ae 82ae 43d3
                """, "4883 640e ffc1 c0bf",
                """
                88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7
                b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07
                """,
            ],
        ])
    func responses(blocks: [String]) {
        let decoder = HPACKDecoder(tableSize: 256)
        #expect(decode(blocks[0], decoder)?.last == "location: https://www.example.com")
        #expect(decoder.table.size == 222)
        #expect(decode(blocks[1], decoder)?.first == ":status: 307")
        #expect(decoder.table.count == 4)
        #expect(
            decode(blocks[2], decoder)?.last
                == "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1")
        #expect(decoder.table.size == 215)
        #expect(decoder.table.count == 3)
    }

    @Test("2.3.3 and 6.1: an index of nothing is a fault")
    func badIndex() {
        #expect(fault("80") == .compressionError)
        #expect(fault("be") == .compressionError)
        #expect(fault("ff00") == .compressionError)
        #expect(fault("7e 0161") == .compressionError)
    }

    @Test("4.2 and 6.3: a table's size is told first in a block, and within the limit")
    func tableSize() {
        let decoder = HPACKDecoder()
        #expect(decode("400a 6375 7374 6f6d 2d6b 6579 0161", decoder) != nil)
        #expect(decode("20 82", decoder) == [":method: GET"])
        #expect(decoder.table.count == 0)
        #expect(decode("3fe11f 82", decoder) != nil)
        #expect(fault("82 20") == .compressionError)
        #expect(fault("3fe21f") == .compressionError)
    }

    @Test("5.2: padding is shorter than a byte, all ones; the end of the string is no symbol")
    func huffmanPadding() {
        #expect(decode("0001 61 81 1f", HPACKDecoder()) == ["a: a"])
        // Eight bits of padding; a zero in it; the end-of-string symbol itself.
        #expect(fault("0001 61 82 1fff") == .compressionError)
        #expect(fault("0001 61 81 1e") == .compressionError)
        #expect(fault("0001 61 84 ffff ffff") == .compressionError)
        #expect(fault("0001 61 84 ffff fffc") == .compressionError)
    }

    @Test("5.2: a string is within its block")
    func cutString() {
        #expect(fault("0005 6162") == .compressionError)
        #expect(fault("00") == .compressionError)
        #expect(fault("0001 61") == .compressionError)
    }

    @Test("4.4: an entry larger than the table empties it")
    func largeEntry() {
        let decoder = HPACKDecoder(tableSize: 64)
        #expect(decode("4001 61 0162", decoder) != nil)
        #expect(decoder.table.count == 1)
        let long = String(repeating: "62", count: 40)
        #expect(decode("4001 61 28" + long, decoder) != nil)
        #expect(decoder.table.count == 0)
    }

    @Test("Every byte survives the Huffman code")
    func huffmanRoundTrip() {
        let text = (0..<256).map { UInt8($0) } + Array("The quick brown fox".utf8)
        let coded = Buffer(capacity: 4096)
        HuffmanTable.encode(text.span, into: coded)
        let count = HuffmanTable.encodedCount(text.span)
        #expect(coded.count == count)
        let plain = Buffer(capacity: 4096)
        let isGood = HuffmanTable.shared.decode(bytes(coded).span, into: plain)
        #expect(isGood)
        #expect(bytes(plain) == text)
    }

    @Test("What one side encodes the other decodes, whatever repeats, changes or is evicted", arguments: 0..<20)
    func roundTrip(seed: UInt64) {
        var random = RandomSource(seed: seed)
        let encoder = HPACKEncoder()
        let decoder = HPACKDecoder()
        let out = Buffer(capacity: 1 << 16)
        for round in 0..<200 {
            if round % 50 == 49 {
                // A peer may shrink the table and let it grow again, told at the next block.
                encoder.limitTable(to: Int(random.next() % 2000))
                encoder.limitTable(to: Int(random.next() % 5000))
            }
            out.clear()
            encoder.begin(out)
            var fields: [String] = []
            for _ in 0..<random.next() % 12 {
                let name = "X-Name-\(random.next() % 20)"
                let value = String(repeating: "v", count: Int(random.next() % 300)) + "\(random.next() % 3)"
                encoder.field(Array(name.utf8).span, Array(value.utf8).span, known: .other, to: out)
                fields.append(name.lowercased() + ": " + value)
            }
            block.begin(limits: HTTP2Limits())
            let fault = decoder.decode(bytes(out).span, into: block)
            #expect(fault == nil)
            #expect(lines(block) == fields)
        }
    }

    @Test("7.1.3: secrets are marked never to be indexed")
    func neverIndexed() {
        let encoder = HPACKEncoder()
        let out = Buffer(capacity: 1024)
        for _ in 0..<3 {
            out.clear()
            encoder.field(
                Array("Authorization".utf8).span, Array("Basic x".utf8).span, known: .authorization, to: out)
            #expect(bytes(out).first == 0x1f)
        }
    }

    @Test("A head beyond the limit is not kept, and the table stays in step")
    func tooLarge() {
        var limits = HTTP2Limits()
        limits.headerList = 100
        let decoder = HPACKDecoder()
        let value = String(repeating: "61", count: 90)
        #expect(decode("4001 61 5a" + value + "4001 62 0163", decoder, limits: limits) != nil)
        #expect(block.isTooLarge)
        #expect(decode("be", decoder) == ["b: c"])
    }

    @Test("A bomb of indexed fields is refused")
    func bomb() {
        let decoder = HPACKDecoder()
        let value = String(repeating: "61", count: 4000)
        #expect(decode("4001 61 7fa11e" + value, decoder) != nil)
        #expect(fault(String(repeating: "be", count: 60000), decoder) == .enhanceYourCalm)
    }
}
