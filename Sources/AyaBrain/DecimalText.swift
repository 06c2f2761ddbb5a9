/// Numbers as text: histories are long, and most of their numbers are short.
enum DecimalText {
    /// Nil for anything that is no number.
    static func number(_ bytes: ArraySlice<UInt8>) -> Double? {
        var digits: UInt64 = 0
        var count = 0
        var decimals: Int?
        var isNegative = false
        for (offset, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                // What has up to 15 digits is exact, divided by a power of ten that is exact.
                guard count < 15 else { return spelledOut(bytes) }
                digits = digits * 10 + UInt64(byte - UInt8(ascii: "0"))
                count += 1
                decimals = decimals.map { $0 + 1 }
            case UInt8(ascii: ".") where decimals == nil: decimals = 0
            case UInt8(ascii: "-") where offset == 0: isNegative = true
            default: return spelledOut(bytes)
            }
        }
        guard count > 0 else { return nil }
        let magnitude = Double(digits) / powers[decimals ?? 0]
        return isNegative ? -magnitude : magnitude
    }

    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]

    private static func spelledOut(_ bytes: ArraySlice<UInt8>) -> Double? {
        Double(String(decoding: bytes, as: UTF8.self))
    }
}
