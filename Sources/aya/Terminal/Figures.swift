/// Numbers as people read them.
enum Figures {
    /// `0.41 ms`, `12 ms`, `1.3 s`; `-` when there is nothing to tell.
    static func time(_ seconds: Double?) -> String {
        guard let seconds else { return "-" }
        if seconds < 0.01 { return "\(decimal(seconds * 1_000, 2)) ms" }
        if seconds < 1 { return "\(decimal(seconds * 1_000, 0)) ms" }
        return "\(decimal(seconds, 1)) s"
    }

    /// `1.5 MiB`.
    static func bytes(_ count: Int) -> String {
        var amount = Double(count)
        for unit in ["B", "KiB", "MiB", "GiB"] {
            if amount < 1_000 { return unit == "B" ? "\(count) B" : "\(decimal(amount, 1)) \(unit)" }
            amount /= 1_024
        }
        return "\(decimal(amount, 1)) TiB"
    }

    /// `1,234,567`.
    static func count(_ number: Int) -> String {
        var text = ""
        for (index, digit) in "\(number)".reversed().enumerated() {
            if index > 0, index % 3 == 0, digit != "-" { text.append(",") }
            text.append(digit)
        }
        return String(text.reversed())
    }

    /// `3d 4h`, `2h 5m`, `1m 10s`, `12s`.
    static func uptime(_ seconds: Double) -> String {
        let whole = Int(seconds)
        let parts = [(whole / 86_400, "d"), (whole / 3_600 % 24, "h"), (whole / 60 % 60, "m"), (whole % 60, "s")]
        let first = parts.firstIndex { $0.0 > 0 } ?? 3
        return parts[first...].prefix(2).map { "\($0.0)\($0.1)" }.joined(separator: " ")
    }

    static func decimal(_ number: Double, _ places: Int) -> String {
        guard number.isFinite, abs(number) < 1e15 else { return "-" }
        var scale = 1
        for _ in 0..<places { scale *= 10 }
        let scaled = Int((abs(number) * Double(scale)).rounded())
        let sign = number < 0 && scaled > 0 ? "-" : ""
        guard places > 0 else { return "\(sign)\(scaled)" }
        let fraction = "\(scaled % scale)"
        return "\(sign)\(scaled / scale)." + String(repeating: "0", count: places - fraction.count) + fraction
    }
}
