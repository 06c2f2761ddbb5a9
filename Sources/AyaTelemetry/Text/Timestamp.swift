/// RFC 3339 in UTC with milliseconds, `2026-01-31T23:59:59.123Z`.
///
/// Remembers the last second's text: within it, only three digits change.
package struct Timestamp {
    private var text = InlineArray<24, UInt8>(repeating: 48)
    private var second: Int64 = -1

    package init() {
        for (index, byte) in "0000-00-00T00:00:00.000Z".utf8.enumerated() { text[index] = byte }
    }

    /// Before 1970 is 1970: a broken clock must not break the log's form. Nanoseconds end in the year 2262.
    package mutating func append(_ unixNanoseconds: Int64, to sink: inout some ByteSink) {
        let time = max(unixNanoseconds, 0)
        let whole = time / 1_000_000_000
        if whole != second { set(whole) }
        put((time % 1_000_000_000) / 1_000_000, digits: 3, at: 20)
        unsafe text.span.withUnsafeBufferPointer { unsafe sink.append($0) }
    }

    private mutating func set(_ whole: Int64) {
        second = whole
        let (year, month, day) = Self.date(daysSince1970: whole / 86_400)
        let rest = whole % 86_400
        put(year, digits: 4, at: 0)
        put(month, digits: 2, at: 5)
        put(day, digits: 2, at: 8)
        put(rest / 3_600, digits: 2, at: 11)
        put(rest / 60 % 60, digits: 2, at: 14)
        put(rest % 60, digits: 2, at: 17)
    }

    private mutating func put(_ value: Int64, digits: Int, at start: Int) {
        var value = value
        var index = start + digits
        while index > start {
            index -= 1
            text[index] = 48 &+ UInt8(truncatingIfNeeded: value % 10)
            value /= 10
        }
    }

    /// The Gregorian date, by years that begin in March, so that the leap day comes last and months count evenly.
    static func date(daysSince1970: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let day = daysSince1970 + 719_468
        let era = day / 146_097
        let dayOfEra = day % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let march = (5 * dayOfYear + 2) / 153
        let month = march < 10 ? march + 3 : march - 9
        let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * march + 2) / 5 + 1)
    }
}
