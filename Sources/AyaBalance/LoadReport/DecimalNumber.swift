/// Numbers as load reports have them: digits, a point, an exponent. Anything else is nil, never a trap.
enum DecimalNumber {
    static func parse(_ text: Span<UInt8>) -> Double? {
        var index = 0
        var isNegative = false
        if index < text.count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
            isNegative = text[index] == UInt8(ascii: "-")
            index += 1
        }
        var value = 0.0
        var digits = 0
        var scale = 0
        var isFraction = false
        while index < text.count {
            let byte = text[index]
            if byte == UInt8(ascii: "."), !isFraction {
                isFraction = true
            } else if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
                // Sixteen digits are all that a Double holds, and the rest only shifts the point.
                if digits < 17 { value = value * 10 + Double(byte &- UInt8(ascii: "0")) } else { scale += 1 }
                if value > 0 { digits += 1 }
                if isFraction { scale -= 1 }
            } else {
                break
            }
            index += 1
        }
        let hasDigits = index > (isNegative ? 1 : 0) + (isFraction ? 1 : 0)
        guard hasDigits else { return nil }
        if index < text.count {
            guard let exponent = parseExponent(text.extracting(index..<text.count)) else { return nil }
            scale += exponent
        }
        for _ in 0..<min(abs(scale), 400) { value = scale > 0 ? value * 10 : value / 10 }
        return isNegative ? -value : value
    }

    private static func parseExponent(_ text: Span<UInt8>) -> Int? {
        guard text.count > 1, text[0] | 0x20 == UInt8(ascii: "e") else { return nil }
        var index = 1
        let isNegative = text[1] == UInt8(ascii: "-")
        if isNegative || text[1] == UInt8(ascii: "+") { index = 2 }
        guard index < text.count else { return nil }
        var value = 0
        while index < text.count {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            value = min(1000, value * 10 + Int(digit))
            index += 1
        }
        return isNegative ? -value : value
    }
}
