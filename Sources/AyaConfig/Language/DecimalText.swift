/// The written form of a number with a fraction of at most three digits, kept as whole thousandths so that writing and
/// reading it again gives the same number.
enum DecimalText {
    /// Nil for anything else and for what is beyond a billion.
    static func thousandths(_ text: some StringProtocol) -> Int? {
        let text = Substring(text)
        let digits = text.utf8.prefix { (48...57).contains($0) }
        let rest = text.utf8.dropFirst(digits.count)
        guard (1...9).contains(digits.count), let whole = Int(Substring(digits)) else { return nil }
        guard !rest.isEmpty else { return whole * 1000 }
        let fraction = rest.dropFirst()
        guard rest.first == UInt8(ascii: "."), (1...3).contains(fraction.count),
            fraction.allSatisfy({ (48...57).contains($0) }), let part = Int(Substring(fraction))
        else { return nil }
        return whole * 1000 + part * [100, 10, 1][fraction.count - 1]
    }

    static func describe(thousandths: Int) -> String {
        var fraction = String(1000 + thousandths % 1000).dropFirst()
        while fraction.last == "0" { fraction.removeLast() }
        return fraction.isEmpty ? "\(thousandths / 1000)" : "\(thousandths / 1000).\(fraction)"
    }

    static func parse(_ text: some StringProtocol) -> Double? { thousandths(text).map { Double($0) / 1000 } }
    static func describe(_ value: Double) -> String { describe(thousandths: Int((value * 1000).rounded())) }
}

/// The written form of a share of something: `5%`, `0.5%`.
enum ShareText {
    static func parse(_ text: String) -> Double? {
        guard text.last == "%" else { return nil }
        return DecimalText.thousandths(text.dropLast()).map { Double($0) / 100_000 }
    }

    static func describe(_ share: Double) -> String {
        DecimalText.describe(thousandths: Int((share * 100_000).rounded())) + "%"
    }
}

/// The written form of a percentile: `p95`, `p99.9`.
enum PercentileText {
    static let range = 50.0...99.9

    static func parse(_ text: String) throws(InvalidText) -> Double {
        guard text.first == "p", let value = DecimalText.parse(text.dropFirst()), range.contains(value) else {
            throw InvalidText("'\(shortened(text))' is no percentile from p50 to p99.9, such as 'p95'")
        }
        return value
    }

    static func describe(_ percentile: Double) -> String { "p" + DecimalText.describe(percentile) }
}
