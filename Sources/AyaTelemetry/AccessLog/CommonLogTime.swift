/// The time of the Common Log Format in UTC, `31/Jan/2026:23:59:59 +0000`. Remembers the last second's text.
package struct CommonLogTime {
    private var text: [UInt8] = []
    private var second: Int64 = -1

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    package init() {}

    mutating func append(_ unixNanoseconds: Int64, to line: inout LineCursor) {
        let whole = max(unixNanoseconds, 0) / 1_000_000_000
        if whole != second {
            second = whole
            text = Self.text(whole)
        }
        line.append(text)
    }

    private static func text(_ second: Int64) -> [UInt8] {
        let (year, month, day) = Timestamp.date(daysSince1970: second / 86_400)
        let rest = second % 86_400
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let date = "\(two(day))/\(months[Int(month - 1) % 12])/\(year)"
        return Array("\(date):\(two(rest / 3_600)):\(two(rest / 60 % 60)):\(two(rest % 60)) +0000".utf8)
    }
}
