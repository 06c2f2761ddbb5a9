internal import AyaConfig

/// Durations of five dialects, in milliseconds.
enum Times {
    /// Aya's bounds: 1 ms to 24 h.
    static let longest: Int64 = 86_400_000

    static func text(_ milliseconds: Int64) -> String { DurationText.describe(.milliseconds(milliseconds)) }

    /// nginx: `30`, `30s`, `1m30s`, `500ms`, `1d` (a number alone is seconds).
    static func nginx(_ text: String) -> Int64? {
        sum(text, bare: 1000) { unit in
            switch unit {
            case "ms": 1
            case "s", "": 1000
            case "m": 60_000
            case "h": 3_600_000
            case "d": 86_400_000
            case "w": 604_800_000
            case "M": 2_592_000_000
            case "y": 31_536_000_000
            default: nil
            }
        }
    }

    /// HAProxy: `30s`, `500`, `10m` (a number alone is milliseconds).
    static func haproxy(_ text: String, bare: Int64 = 1) -> Int64? {
        sum(text, bare: bare) { unit in
            switch unit {
            case "us": 0
            case "ms": 1
            case "s": 1000
            case "m": 60_000
            case "h": 3_600_000
            case "d": 86_400_000
            default: nil
            }
        }
    }

    /// Go, as Caddy and Traefik read it: `1m30s`, `1.5s`, `250ms`, `2d`; a number alone is seconds.
    static func go(_ text: String) -> Int64? {
        sum(text, bare: 1000) { unit in
            switch unit {
            case "ns", "us", "µs": 0
            case "ms": 1
            case "s": 1000
            case "m": 60_000
            case "h": 3_600_000
            case "d": 86_400_000
            default: nil
            }
        }
    }

    /// Protocol Buffers in JSON, as Envoy reads it: `0.25s`.
    static func envoy(_ text: String) -> Int64? {
        guard text.hasSuffix("s"), !text.hasSuffix("ms") else { return nil }
        return go(text)
    }

    /// Numbers, each with a unit behind it; nil for anything else and for what is beyond a century.
    private static func sum(_ text: String, bare: Int64, unit: (String) -> Int64?) -> Int64? {
        var rest = Array(text.utf8)[...]
        guard !rest.isEmpty, rest.count <= 40 else { return nil }
        var total: Int64 = 0
        while !rest.isEmpty {
            let digits = rest.prefix { (48...57).contains($0) }
            rest = rest.dropFirst(digits.count)
            var fraction: ArraySlice<UInt8> = []
            if rest.first == UInt8(ascii: ".") {
                fraction = rest.dropFirst().prefix { (48...57).contains($0) }
                rest = rest.dropFirst(fraction.count + 1)
            }
            let letters = rest.prefix { !(48...57).contains($0) && $0 != UInt8(ascii: ".") && $0 != 32 }
            rest = rest.dropFirst(letters.count)
            while rest.first == 32 { rest = rest.dropFirst() }
            guard (1...12).contains(digits.count), fraction.count <= 9,
                let whole = Int64(String(decoding: digits, as: UTF8.self))
            else { return nil }
            let name = String(decoding: letters, as: UTF8.self)
            guard let scale = name.isEmpty ? bare : unit(name) else { return nil }
            let (product, overflow) = whole.multipliedReportingOverflow(by: scale)
            guard !overflow, product < 3_200_000_000_000 else { return nil }
            var part: Int64 = 0
            var place = scale
            for digit in fraction {
                place /= 10
                part += Int64(digit - 48) * place
            }
            total += product + part
            guard total < 3_200_000_000_000 else { return nil }
        }
        return total
    }
}

/// Sizes of five dialects, in bytes.
enum Sizes {
    /// `10m`, `1k`, `8g` (binary), as nginx, HAProxy and the Apache family write them.
    static func binary(_ text: String) -> Int64? {
        scaled(text) { unit in
            switch unit.lowercased() {
            case "", "b": 1
            case "k", "kb", "kib": 1 << 10
            case "m", "mb", "mib": 1 << 20
            case "g", "gb", "gib": 1 << 30
            default: nil
            }
        }
    }

    /// `10MB` is ten million bytes, `10MiB` is not, as Caddy reads them.
    static func decimal(_ text: String) -> Int64? {
        scaled(text) { unit in
            switch unit.lowercased() {
            case "", "b": 1
            case "k", "kb": 1000
            case "m", "mb": 1_000_000
            case "g", "gb": 1_000_000_000
            case "kib", "ki": 1 << 10
            case "mib", "mi": 1 << 20
            case "gib", "gi": 1 << 30
            default: nil
            }
        }
    }

    private static func scaled(_ text: String, _ unit: (String) -> Int64?) -> Int64? {
        let digits = text.utf8.prefix { (48...57).contains($0) }
        guard (1...15).contains(digits.count), let count = Int64(String(Substring(digits))),
            let scale = unit(String(Substring(text.utf8.dropFirst(digits.count))))
        else { return nil }
        let (product, overflow) = count.multipliedReportingOverflow(by: scale)
        return overflow || product > 1 << 50 ? nil : product
    }

    /// In the largest unit that is exact.
    static func text(_ bytes: Int64) -> String {
        for (unit, scale) in [("GiB", Int64(1 << 30)), ("MiB", 1 << 20), ("KiB", 1 << 10)]
        where bytes >= scale && bytes % scale == 0 {
            return "\(bytes / scale)\(unit)"
        }
        for (unit, scale) in [("MB", Int64(1_000_000)), ("kB", 1000)] where bytes >= scale && bytes % scale == 0 {
            return "\(bytes / scale)\(unit)"
        }
        return "\(bytes)"
    }
}
