extension LoadReport {
    /// The value of an `endpoint-load-metrics` header, as the Open Request Cost Aggregation has it in its text form:
    /// `TEXT cpu_utilization=0.3, mem_utilization=0.8, named_metrics.rif=12, named_metrics.latency_ms=4.5`; a value that
    /// begins with `JSON` is read as the JSON form. `TEXT` may be left out. Nil when nothing known was in it.
    ///
    /// Names are those of `parse(json:)`, alone or behind `named_metrics.` or `utilization.`; others are passed over.
    package static func parse(header value: Span<UInt8>) -> LoadReport? {
        var start = skipSpaces(value, 0)
        if hasWord("JSON", in: value, at: start) { return parse(json: value.extracting((start + 4)..<value.count)) }
        if hasWord("TEXT", in: value, at: start) { start += 4 }
        var report = LoadReport()
        while start < value.count {
            var end = start
            while end < value.count, value[end] != UInt8(ascii: ",") { end += 1 }
            report.read(pair: value.extracting(start..<end))
            start = end + 1
        }
        return report.isEmpty ? nil : report
    }

    private mutating func read(pair: Span<UInt8>) {
        var equals = 0
        while equals < pair.count, pair[equals] != UInt8(ascii: "=") { equals += 1 }
        guard equals < pair.count else { return }
        var nameStart = 0
        var nameEnd = equals
        Self.trim(pair, &nameStart, &nameEnd)
        // Whatever group a metric is filed under, its own name is the last part.
        for index in nameStart..<nameEnd where pair[index] == UInt8(ascii: ".") { nameStart = index + 1 }
        var valueStart = equals + 1
        var valueEnd = pair.count
        Self.trim(pair, &valueStart, &valueEnd)
        guard let field = Field(pair.extracting(nameStart..<nameEnd)),
            let number = DecimalNumber.parse(pair.extracting(valueStart..<valueEnd))
        else { return }
        set(field, number)
    }

    private static func skipSpaces(_ text: Span<UInt8>, _ start: Int) -> Int {
        var index = start
        while index < text.count, text[index] == UInt8(ascii: " ") || text[index] == UInt8(ascii: "\t") { index += 1 }
        return index
    }

    private static func trim(_ text: Span<UInt8>, _ start: inout Int, _ end: inout Int) {
        while start < end, text[start] == UInt8(ascii: " ") || text[start] == UInt8(ascii: "\t") { start += 1 }
        while end > start, text[end - 1] == UInt8(ascii: " ") || text[end - 1] == UInt8(ascii: "\t") { end -= 1 }
    }

    private static func hasWord(_ word: StaticString, in text: Span<UInt8>, at start: Int) -> Bool {
        let end = start + word.utf8CodeUnitCount
        guard end < text.count, text[end] == UInt8(ascii: " ") else { return false }
        return text.extracting(start..<end).isEqual(to: word)
    }
}
