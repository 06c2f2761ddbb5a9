internal import AyaCore

/// Gives a record the form of a line, without its end. One formatter belongs to one log and its thread.
package struct LineFormatter {
    package let format: LogFormat
    /// Names of fields that stand in JSON lines too, in lower case.
    private let headers: [String]
    private let redaction: Redaction
    /// Key of JSON, from the comma before it to the colon behind it, by `AccessKey`.
    private let fragments: [(key: AccessKey, bytes: [UInt8])]
    private var timestamp = Timestamp()
    var clock = CommonLogTime()

    /// - Parameter query: it stands in JSON lines; whatever workers record for other logs.
    package init(
        _ format: LogFormat, query: Bool = true, headers: [String] = [], redaction: Redaction = Redaction()
    ) {
        self.format = format
        self.headers = headers.map { $0.lowercased() }
        self.redaction = redaction
        fragments = AccessKey.allCases.filter { query || $0 != .query }.enumerated().map { index, key in
            (key, Array("\(index == 0 ? "{" : ",")\"\(key.name)\":".utf8))
        }
    }

    package mutating func append(_ record: PackedRecord, to line: inout LineCursor) {
        switch format {
        case .json: appendObject(record, to: &line)
        case .common: appendCommon(record, withAgent: false, to: &line)
        case .combined: appendCommon(record, withAgent: true, to: &line)
        case .template(let template): append(template, record, to: &line)
        }
    }

    // MARK: JSON

    private static let quote = UInt8(ascii: "\"")

    private mutating func appendObject(_ record: PackedRecord, to line: inout LineCursor) {
        for (key, fragment) in fragments {
            let value = record.value(of: key)
            if case .nothing = value { continue }
            line.append(fragment)
            append(value, under: key, to: &line)
        }
        if !headers.isEmpty { appendHeaders(record, to: &line) }
        line.append(UInt8(ascii: "}"))
    }

    private mutating func append(_ value: AccessValue, under key: AccessKey, to line: inout LineCursor) {
        switch value {
        case .nothing: line.append("null")
        case .number(let number): line.append(decimal: number)
        case .flag(let flag): line.append(flag ? "true" : "false")
        case .duration(let nanoseconds): line.append(seconds: nanoseconds)
        case .text(let bytes):
            line.append(Self.quote)
            if key == .query {
                unsafe redaction.append(query: bytes) { unsafe JSONEscape.append($0, to: &line) }
            } else {
                unsafe JSONEscape.append(bytes, to: &line)
            }
            line.append(Self.quote)
        case .time(let time):
            line.append(Self.quote)
            timestamp.append(time, to: &line)
            line.append(Self.quote)
        case .word, .address, .identifier, .longIdentifier:
            line.append(Self.quote)
            line.append(plain: value)
            line.append(Self.quote)
        }
    }

    private func appendHeaders(_ record: PackedRecord, to line: inout LineCursor) {
        for name in headers {
            guard let value = unsafe record.header(name) else { continue }
            line.append(",\"")
            line.append(text: AccessKey.headerPrefix)
            line.append(text: name)
            line.append("\":\"")
            unsafe append(header: name, value) { unsafe JSONEscape.append($0, to: &line) }
            line.append(Self.quote)
        }
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

    private mutating func append(_ template: LogTemplate, _ record: PackedRecord, to line: inout LineCursor) {
        for part in template.parts {
            switch part {
            case .text(let text): line.append(text: text)
            case .key(let key): append(inText: record.value(of: key), key, to: &line)
            case .header(let name): appendQuotable(header: name, record, to: &line)
            }
        }
    }

    /// A dash where there is nothing; what could break a line or a quote is escaped.
    private mutating func append(inText value: AccessValue, _ key: AccessKey, to line: inout LineCursor) {
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
        case .word, .address, .identifier, .longIdentifier: line.append(plain: value)
        }
    }

    private func appendQuotable(header name: String, _ record: PackedRecord, to line: inout LineCursor) {
        guard let value = unsafe record.header(name) else { return line.append(UInt8(ascii: "-")) }
        unsafe append(header: name, value) { unsafe line.append(escaped: $0) }
    }

    /// `client - - [31/Jan/2026:23:59:59 +0000] "GET /cart?x=1 HTTP/1.1" 200 1024 "referrer" "agent"`.
    private mutating func appendCommon(_ record: PackedRecord, withAgent: Bool, to line: inout LineCursor) {
        append(inText: record.value(of: .clientAddress), .clientAddress, to: &line)
        line.append(" - - [")
        clock.append(record.time, to: &line)
        line.append("] \"")
        let method = unsafe record.text(.method)
        if method.isEmpty {
            line.append(UInt8(ascii: "-"))
        } else {
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
        line.append("\" ")
        line.append(UInt64(record.status), digits: 3)
        line.append(UInt8(ascii: " "))
        line.append(decimal: record.sent)
        guard withAgent else { return }
        line.append(" \"")
        appendQuotable(header: "referer", record, to: &line)
        line.append("\" \"")
        append(inText: record.value(of: .userAgent), .userAgent, to: &line)
        line.append(Self.quote)
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
