/// The written form of a moment, RFC 3339 as `2026-12-01T18:00:00Z`, in seconds since 1970. Seconds may be left out;
/// the zone may not, since nobody should have to know which one a machine has.
enum MomentText {
    static func parse(_ text: String) throws(InvalidText) -> Int64 {
        guard let seconds = seconds(text) else {
            throw InvalidText("'\(shortened(text))' is no moment such as '2026-12-01T18:00:00Z'")
        }
        return seconds
    }

    static func describe(_ seconds: Int64) -> String {
        let days = (seconds / 86_400) - (seconds % 86_400 < 0 ? 1 : 0)
        let rest = seconds - days * 86_400
        let (year, month, day) = date(days)
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let padded = String("000\(year)".suffix(4))
        return "\(padded)-\(two(month))-\(two(day))T\(two(rest / 3_600)):\(two(rest / 60 % 60)):\(two(rest % 60))Z"
    }

    private static func seconds(_ text: String) -> Int64? {
        var rest = Substring(text).utf8[...]
        func number(_ digits: Int, _ range: ClosedRange<Int64>, before separators: String = "") -> Int64? {
            let head = rest.prefix(digits)
            guard head.count == digits, head.allSatisfy({ (48...57).contains($0) }),
                let value = Int64(Substring(head)), range.contains(value)
            else { return nil }
            rest = rest.dropFirst(digits)
            guard !separators.isEmpty else { return value }
            guard let next = rest.popFirst(), separators.utf8.contains(next) else { return nil }
            return value
        }
        guard let year = number(4, 1970...9999, before: "-"), let month = number(2, 1...12, before: "-"),
            let day = number(2, 1...31, before: "Tt "), let hour = number(2, 0...23, before: ":"),
            let minute = number(2, 0...59)
        else { return nil }
        var second: Int64 = 0
        if rest.first == UInt8(ascii: ":") {
            rest = rest.dropFirst()
            guard let value = number(2, 0...59) else { return nil }
            second = value
        }
        let days = days(year, month, day)
        // The day exists: the 30th of February would come back as another.
        guard date(days) == (year, month, day) else { return nil }
        let local = ((days * 24 + hour) * 60 + minute) * 60 + second
        guard let sign = rest.popFirst() else { return nil }
        if sign == UInt8(ascii: "Z") || sign == UInt8(ascii: "z") { return rest.isEmpty ? local : nil }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), let hours = number(2, 0...23, before: ":"),
            let minutes = number(2, 0...59), rest.isEmpty
        else { return nil }
        let offset = (hours * 60 + minutes) * 60
        return sign == UInt8(ascii: "+") ? local - offset : local + offset
    }

    /// Days since 1970 of a date of the Gregorian calendar: years begin in March, so that leap days come last.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month > 2 ? year : year - 1
        let monthsSinceMarch = (month + 9) % 12
        let dayOfYear = (153 * monthsSinceMarch + 2) / 5 + day - 1
        return 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }

    private static func date(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthsSinceMarch = (5 * dayOfYear + 2) / 153
        let month = monthsSinceMarch < 10 ? monthsSinceMarch + 3 : monthsSinceMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthsSinceMarch + 2) / 5 + 1)
    }
}

/// The written form of a factor: `3x`, `1.5x`.
enum FactorText {
    static func parse(_ text: String) throws(InvalidText) -> Double {
        let number = text.utf8.last == UInt8(ascii: "x") ? text.dropLast() : Substring(text)
        guard let value = DecimalText.parse(number), (0.01...1_000).contains(value) else {
            throw InvalidText("'\(shortened(text))' is no factor from 0.01x to 1000x, such as '3x'")
        }
        return value
    }

    static func describe(_ value: Double) -> String { DecimalText.describe(value) + "x" }
}
