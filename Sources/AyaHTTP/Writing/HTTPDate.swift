package import AyaCore

/// `Date` and its like: IMF-fixdate of RFC 9110 section 5.6.7, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
package struct HTTPDate: Equatable, Sendable {
    /// Since 1970-01-01T00:00:00Z.
    package var unixSeconds: Int64

    package init(unixSeconds: Int64) { self.unixSeconds = unixSeconds }

    /// The form has four digits for the year, so what lies outside 0001 to 9999 is drawn to its ends.
    private static var range: ClosedRange<Int64> { -62_135_596_800...253_402_300_799 }

    /// Always 29 bytes.
    package func write(to out: Buffer) {
        let seconds = min(max(unixSeconds, Self.range.lowerBound), Self.range.upperBound)
        let secondOfDay = (seconds % 86400 + 86400) % 86400
        let days = (seconds - secondOfDay) / 86400
        let (year, month, day) = Self.civil(days: days)
        // 1970-01-01 was a Thursday.
        out.append(Self.weekday((days % 7 + 11) % 7))
        out.append(", ")
        out.append(twoDigits: day)
        out.append(Self.month(month))
        out.append(twoDigits: year / 100)
        out.append(twoDigits: year % 100)
        out.append(" ")
        out.append(twoDigits: secondOfDay / 3600)
        out.append(":")
        out.append(twoDigits: secondOfDay / 60 % 60)
        out.append(":")
        out.append(twoDigits: secondOfDay % 60)
        out.append(" GMT")
    }

    /// Days since 1970 to the proleptic Gregorian calendar. Years begin in March, so that the leap day is the last of
    /// its year and months have a regular pattern of lengths; eras of 400 years repeat.
    private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func weekday(_ index: Int64) -> StaticString {
        switch index {
        case 0: "Sun"
        case 1: "Mon"
        case 2: "Tue"
        case 3: "Wed"
        case 4: "Thu"
        case 5: "Fri"
        default: "Sat"
        }
    }

    private static func month(_ number: Int64) -> StaticString {
        switch number {
        case 1: " Jan "
        case 2: " Feb "
        case 3: " Mar "
        case 4: " Apr "
        case 5: " May "
        case 6: " Jun "
        case 7: " Jul "
        case 8: " Aug "
        case 9: " Sep "
        case 10: " Oct "
        case 11: " Nov "
        default: " Dec "
        }
    }
}

extension Buffer {
    fileprivate func append(twoDigits value: Int64) {
        append(48 &+ UInt8(truncatingIfNeeded: value / 10))
        append(48 &+ UInt8(truncatingIfNeeded: value % 10))
    }
}
