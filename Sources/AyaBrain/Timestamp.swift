/// Wall-clock times as histories write them. Foundation's parser would cost the data plane's library a megabyte.
enum Timestamp {
    /// Seconds since 1970; nil for anything that is no time.
    static func seconds(_ bytes: ArraySlice<UInt8>) -> Double? {
        if let number = DecimalText.number(bytes) { return number.isFinite && abs(number) < 1e12 ? number : nil }
        let bytes = Array(bytes)
        guard bytes.count >= 10, let year = number(bytes, 0, 4), bytes[4] == UInt8(ascii: "-"),
            let month = number(bytes, 5, 2), bytes[7] == UInt8(ascii: "-"), let day = number(bytes, 8, 2),
            (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        let midnight = Double(dayNumber(year: year, month: month, day: day)) * 86_400
        if bytes.count == 10 { return midnight }
        guard bytes.count >= 16, bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " "),
            let hour = number(bytes, 11, 2), bytes[13] == UInt8(ascii: ":"), let minute = number(bytes, 14, 2),
            hour < 25, minute < 60
        else { return nil }
        var seconds = Double(hour * 3_600 + minute * 60)
        var next = 16
        if next < bytes.count, bytes[next] == UInt8(ascii: ":") {
            let end = bytes[(next + 1)...].firstIndex { !isDigit($0) && $0 != UInt8(ascii: ".") } ?? bytes.count
            guard let fraction = DecimalText.number(bytes[(next + 1)..<end]), fraction < 61 else { return nil }
            seconds += fraction
            next = end
        }
        guard let offset = zone(bytes[next...]) else { return nil }
        return midnight + seconds - offset
    }

    /// Seconds ahead of UTC: nothing, `Z`, `+01:00`, `-0530` or `+02`.
    private static func zone(_ bytes: ArraySlice<UInt8>) -> Double? {
        guard let sign = bytes.first, bytes != [UInt8(ascii: "Z")] else { return 0 }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return nil }
        let digits = bytes.dropFirst().filter { $0 != UInt8(ascii: ":") }
        guard digits.count == 2 || digits.count == 4, let hours = number(digits, 0, 2) else { return nil }
        let minutes = digits.count == 4 ? number(digits, 2, 2) : 0
        guard let minutes else { return nil }
        let ahead = Double(hours * 3_600 + minutes * 60)
        return sign == UInt8(ascii: "-") ? -ahead : ahead
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    private static func number(_ bytes: [UInt8], _ start: Int, _ count: Int) -> Int? {
        guard start + count <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[start..<start + count] {
            guard isDigit(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }

    /// Days since 1970 in the proleptic Gregorian calendar, by counting from March so that the leap day comes last.
    private static func dayNumber(year: Int, month: Int, day: Int) -> Int {
        let shifted = month > 2 ? year : year - 1
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let century = shifted >= 0 ? shifted / 100 : -1
        return 365 * shifted + Int((Double(shifted) / 4).rounded(.down)) - century
            + Int((Double(century) / 4).rounded(.down)) + dayOfYear - 719_468
    }
}
