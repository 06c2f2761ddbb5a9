/// The written form of a `Duration`: a whole number and `ms`, `s`, `m`, `h` or `d`.
package enum DurationText {
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    /// Nil for anything else and for what no 64 bits of milliseconds hold.
    package static func parse(_ text: String) -> Duration? {
        let digits = text.utf8.prefix { (48...57).contains($0) }
        let suffix = text.utf8.dropFirst(digits.count)
        guard let count = Int64(Substring(digits)),
            let unit = units.first(where: { $0.name.utf8.elementsEqual(suffix) })
        else { return nil }
        let (milliseconds, overflow) = count.multipliedReportingOverflow(by: unit.milliseconds)
        return overflow ? nil : .milliseconds(milliseconds)
    }

    /// The largest unit that is exact: `90s`, `2m`, `250ms`; nothing is `0s`.
    package static func describe(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let rest = attoseconds / 1_000_000_000_000_000
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        let milliseconds = overflow ? Int64.max : whole.addingReportingOverflow(rest).partialValue
        guard milliseconds != 0 else { return "0s" }
        for unit in units.reversed() where milliseconds % unit.milliseconds == 0 {
            // A day is 24 hours to most people.
            if unit.name == "d", milliseconds < 2 * unit.milliseconds { continue }
            return "\(milliseconds / unit.milliseconds)\(unit.name)"
        }
        return "\(milliseconds)ms"
    }
}
