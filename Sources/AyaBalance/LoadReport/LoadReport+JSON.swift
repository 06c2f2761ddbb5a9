extension LoadReport {
    /// The JSON form that a polled endpoint answers with: one object with any of `cpu`, `memory`, `io` (0 … 1), `rif`
    /// (requests in flight) and `latency_ms`; the names of the header form are known too. Other members are passed
    /// over, whatever they hold. Nil when nothing known was in it or it is no object.
    package static func parse(json text: Span<UInt8>) -> LoadReport? {
        var report = LoadReport()
        var index = 0
        var depth = 0
        var name = 0..<0
        var isName = false
        while index < text.count {
            let byte = text[index]
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                isName = depth == 1 && byte == UInt8(ascii: "{")
                // Names inside another object are not ours.
                if depth > 1 { name = 0..<0 }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
            case UInt8(ascii: "\""):
                let start = index + 1
                index = endOfString(text, start)
                if isName { name = start..<min(index, text.count) }
            case UInt8(ascii: ":"):
                isName = false
            case UInt8(ascii: ","):
                isName = depth == 1
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                let start = index
                while index < text.count, isNumeric(text[index]) { index += 1 }
                if depth == 1, !isName, let field = Field(text.extracting(name)),
                    let number = DecimalNumber.parse(text.extracting(start..<index))
                {
                    report.set(field, number)
                }
                index -= 1
            default:
                break
            }
            index += 1
        }
        return report.isEmpty ? nil : report
    }

    /// The index of the closing quotation mark, or the end.
    private static func endOfString(_ text: Span<UInt8>, _ start: Int) -> Int {
        var index = start
        while index < text.count, text[index] != UInt8(ascii: "\"") {
            index += text[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(index, text.count)
    }

    private static func isNumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }
}
