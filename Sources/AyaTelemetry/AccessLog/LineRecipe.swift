/// The form of a log's lines, worked out once: which field comes after which text.
///
/// A line is then a walk over a short list; nothing is looked up, compared or put together for a record.
// Safe: the memory is the recipe's own, filled when it is made and not changed until its end.
@safe struct LineRecipe: ~Copyable {
    enum Field {
        case key(AccessKey)
        /// A key whose value is one of the record's texts as it is, which most are.
        case text(PackedText)
        /// One of the wanted header fields.
        case header(Int)
        /// What the older formats have a form of their own for.
        case commonTime, requestLine, paddedStatus, sentBytes
    }

    // Safe: a part of the recipe's own memory.
    @safe struct Step {
        /// What stands before the value.
        let text: UnsafeBufferPointer<UInt8>
        let field: Field
    }

    let steps: UnsafeBufferPointer<Step>
    /// What stands behind the last value.
    let end: UnsafeBufferPointer<UInt8>
    private let memory: UnsafeMutableBufferPointer<UInt8>

    /// - Parameter parts: the text before each value.
    init(_ parts: [(text: String, field: Field)], end: String) {
        let texts = parts.map { Array($0.text.utf8) } + [Array(end.utf8)]
        let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: texts.reduce(0) { $0 + $1.count })
        _ = unsafe memory.initialize(from: texts.joined())
        var offset = 0
        func next(_ text: [UInt8]) -> UnsafeBufferPointer<UInt8> {
            defer { offset += text.count }
            return unsafe UnsafeBufferPointer(rebasing: memory[offset..<offset + text.count])
        }
        let steps = UnsafeMutableBufferPointer<Step>.allocate(capacity: parts.count)
        for (index, part) in parts.enumerated() {
            unsafe steps.initializeElement(at: index, to: Step(text: next(texts[index]), field: part.field))
        }
        unsafe self.end = next(texts[parts.count])
        unsafe self.steps = UnsafeBufferPointer(steps)
        unsafe self.memory = memory
    }

    deinit {
        unsafe steps.deallocate()
        unsafe memory.deallocate()
    }
}

extension LineRecipe {
    private static func field(_ key: AccessKey) -> Field { key.text.map { .text($0) } ?? .key(key) }

    /// An object of JSON. A text's quote is part of what stands before it.
    ///
    /// - Parameter headers: names of fields in lower case, behind the keys.
    init(objectOf keys: [AccessKey], headers: [String]) {
        var parts: [(text: String, field: Field)] = []
        for key in keys {
            parts.append(("\(parts.isEmpty ? "{" : ",")\"\(key.name)\":\(key.isQuoted ? "\"" : "")", Self.field(key)))
        }
        for (index, name) in headers.enumerated() {
            var text = Text()
            text.append(text: ",\"\(AccessKey.headerPrefix)")
            JSONEscape.append(name, to: &text)
            text.append(text: "\":\"")
            parts.append((text.string, .header(index)))
        }
        self.init(parts, end: "}")
    }

    /// `client - - [31/Jan/2026:23:59:59 +0000] "GET /cart?x=1 HTTP/1.1" 200 1024 "referrer" "agent"`, the last two in
    /// the Combined format alone, where the referrer is the only header field.
    init(commonWithAgent withAgent: Bool) {
        let common: [(text: String, field: Field)] = [
            ("", .key(.clientAddress)), (" - - [", .commonTime), ("] \"", .requestLine), ("\" ", .paddedStatus),
            (" ", .sentBytes),
        ]
        let agent: [(text: String, field: Field)] = [(" \"", .header(0)), ("\" \"", .text(.userAgent))]
        self.init(withAgent ? common + agent : common, end: withAgent ? "\"" : "")
    }

    init(_ template: LogTemplate) {
        var parts: [(text: String, field: Field)] = []
        var text = ""
        var headers = 0
        for part in template.parts {
            switch part {
            case .text(let more): text += more
            case .key(let key):
                parts.append((text, Self.field(key)))
                text = ""
            case .header:
                parts.append((text, .header(headers)))
                headers += 1
                text = ""
            }
        }
        self.init(parts, end: text)
    }
}
