internal import AyaCore
internal import Testing

@Suite struct DigitsTests {
    private func text(_ word: some FixedWidthInteger) -> String {
        unsafe withUnsafeBytes(of: word.littleEndian) { unsafe String(decoding: $0, as: UTF8.self) }
    }

    @Test func everyNumberThatFits() {
        for number in 0..<100 { #expect(text(Digits.two(UInt64(number))) == "\(100 + number)".dropFirst()) }
        for number in 0..<10_000 { #expect(text(Digits.four(UInt64(number))) == "\(10_000 + number)".dropFirst()) }
    }

    @Test func hexadecimal() {
        #expect(text(Digits.hexadecimal(0x0123_4567)) == "01234567")
        #expect(text(Digits.hexadecimal(0x89ab_cdef)) == "89abcdef")
        #expect(text(Digits.hexadecimal(.max)) == "ffffffff")
    }

    @Test func everyPartOfAnAddress() {
        for part in 0..<256 as Range<UInt32> {
            let address = IPAddress(v4: part << 24 | (255 - part) << 16 | part << 8 | (255 - part))
            let text = unsafe IPAddressText(address).withBytes { unsafe String(decoding: $0, as: UTF8.self) }
            #expect(text == address.description)
        }
    }
}
