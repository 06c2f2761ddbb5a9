internal import AyaCore

/// Gives a record the form of a line, without its end. One formatter belongs to one log and its thread.
package final class LineFormatter {
    package let format: LogFormat
    /// Names of wanted fields in lower case, as the recipe counts them.
    private let headers: [String]
    private let redaction: Redaction
    private let recipe: LineRecipe
    private var timestamp = Timestamp()
    private var clock = CommonLogTime()

    /// - Parameter query: it stands in JSON lines; whatever workers record for other logs.
    /// - Parameter headers: names of fields that stand in JSON lines too.
    package init(
        _ format: LogFormat, query: Bool = true, headers: [String] = [], redaction: Redaction = Redaction()
    ) {
        self.format = format
        self.redaction = redaction
        switch format {
        case .json:
            self.headers = headers.map { $0.lowercased() }
            recipe = LineRecipe(objectOf: AccessKey.allCases.filter { query || $0 != .query }, headers: self.headers)
        case .common:
            self.headers = []
            recipe = LineRecipe(commonWithAgent: false)
        case .combined:
            self.headers = ["referer"]
            recipe = LineRecipe(commonWithAgent: true)
        case .template(let template):
            self.headers = template.parts.compactMap { part in
                if case .header(let name) = part { name } else { nil }
            }
            recipe = LineRecipe(template)
        }
    }

    package func append(_ record: PackedRecord, to line: inout LineCursor) {
        switch format {
        case .json: appendObject(record, to: &line)
        case .common, .combined, .template: appendText(record, to: &line)
        }
        unsafe line.append(recipe.end)
    }

    private static let quote = UInt8(ascii: "\"")

    // MARK: JSON

    /// What there is not is left out.
    private func appendObject(_ record: PackedRecord, to line: inout LineCursor) {
        for index in unsafe recipe.steps.indices {
            let step = unsafe recipe.steps[index]
            switch step.field {
            case .text(let text):
                let bytes = unsafe record.text(text)
                if bytes.isEmpty { continue }
                unsafe line.append(step.text)
                unsafe line.append(escapedJSON: bytes)
                line.append(Self.quote)
            case .key(let key):
                let value = record.value(of: key)
                if case .nothing = value { continue }
                unsafe line.append(step.text)
                append(inObject: value, under: key, to: &line)
            case .header(let number):
                guard let value = unsafe record.header(headers[number]) else { continue }
                unsafe line.append(step.text)
                unsafe append(header: headers[number], value) { unsafe line.append(escapedJSON: $0) }
                line.append(Self.quote)
            case .commonTime, .requestLine, .paddedStatus, .sentBytes: continue
            }
        }
    }

    @inline(__always)
    private func append(inObject value: AccessValue, under key: AccessKey, to line: inout LineCursor) {
        switch value {
        case .nothing: return
        case .number(let number): return line.append(decimal: number)
        case .flag(let flag): return line.append(flag ? "true" : "false")
        case .duration(let nanoseconds): return line.append(seconds: nanoseconds)
        case .text(let bytes):
            if key == .query {
                unsafe redaction.append(query: bytes) { unsafe line.append(escapedJSON: $0) }
            } else {
                unsafe line.append(escapedJSON: bytes)
            }
        case .time(let time): timestamp.append(time, to: &line)
        case .word, .droppedStatus, .address, .identifier, .longIdentifier: line.append(plain: value)
        }
        line.append(Self.quote)
    }

    private func append(
        header name: String, _ value: UnsafeBufferPointer<UInt8>, _ write: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        if redaction.hides(field: name) {
            unsafe write(
                UnsafeBufferPointer(start: Redaction.mark.utf8Start, count: Redaction.mark.utf8CodeUnitCount))
        } else if name == "referer" {
            unsafe redaction.append(url: value, write)
        } else {
            unsafe write(value)
        }
    }

    // MARK: lines of text

    /// A dash where there is nothing; what could break a line or a quote is escaped.
    private func appendText(_ record: PackedRecord, to line: inout LineCursor) {
        for index in unsafe recipe.steps.indices {
            let step = unsafe recipe.steps[index]
            unsafe line.append(step.text)
            switch step.field {
            case .key(let key): append(inText: record.value(of: key), key, to: &line)
            case .text(let text):
                let bytes = unsafe record.text(text)
                if bytes.isEmpty { line.append(UInt8(ascii: "-")) } else { unsafe line.append(escaped: bytes) }
            case .header(let number):
                if let value = unsafe record.header(headers[number]) {
                    unsafe append(header: headers[number], value) { unsafe line.append(escaped: $0) }
                } else {
                    line.append(UInt8(ascii: "-"))
                }
            case .commonTime: clock.append(record.time, to: &line)
            case .requestLine: appendRequestLine(record, to: &line)
            case .paddedStatus:
                if record.status < 100 { line.append(record.status < 10 ? "00" : "0") }
                line.append(decimal: UInt64(record.status))
            case .sentBytes: line.append(decimal: record.sent)
            }
        }
    }

    private func append(inText value: AccessValue, _ key: AccessKey, to line: inout LineCursor) {
        switch value {
        case .nothing: line.append(UInt8(ascii: "-"))
        case .number(let number): line.append(decimal: number)
        case .flag(let flag): line.append(flag ? "true" : "false")
        case .duration(let nanoseconds): line.append(seconds: nanoseconds)
        case .time(let time): timestamp.append(time, to: &line)
        case .text(let bytes):
            if key == .query {
                unsafe redaction.append(query: bytes) { unsafe line.append(escaped: $0) }
            } else {
                unsafe line.append(escaped: bytes)
            }
        case .word, .droppedStatus, .address, .identifier, .longIdentifier: line.append(plain: value)
        }
    }

    private func appendRequestLine(_ record: PackedRecord, to line: inout LineCursor) {
        let method = unsafe record.text(.method)
        guard !method.isEmpty else { return line.append(UInt8(ascii: "-")) }
        unsafe line.append(escaped: method)
        line.append(UInt8(ascii: " "))
        unsafe line.append(escaped: record.text(.path))
        let query = unsafe record.text(.query)
        if !query.isEmpty {
            line.append(UInt8(ascii: "?"))
            unsafe redaction.append(query: query) { unsafe line.append(escaped: $0) }
        }
        line.append(record.isHTTP2 ? " HTTP/2.0" : record.minorVersion == 0 ? " HTTP/1.0" : " HTTP/1.1")
    }
}

extension PackedRecord {
    /// The value of a field that some log wanted; nil when the request had none.
    func header(_ name: String) -> UnsafeBufferPointer<UInt8>? {
        let all = unsafe text(.headers)
        var start = 0
        while start < all.count {
            let end = unsafe all[start...].firstIndex(of: UInt8(ascii: "\n")) ?? all.count
            let field = unsafe UnsafeBufferPointer(rebasing: all[start..<end])
            if field.count > name.utf8.count, unsafe field[name.utf8.count] == UInt8(ascii: ":"),
                unsafe field.prefix(name.utf8.count).elementsEqual(name.utf8)
            {
                return unsafe UnsafeBufferPointer(rebasing: field[(name.utf8.count + 1)...])
            }
            start = end + 1
        }
        return nil
    }
}
