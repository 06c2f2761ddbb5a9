/// Writes JSON piece by piece and sets the commas: enough for status, problem bodies and log lines without Foundation.
package struct JSONWriter<Sink: ByteSink> {
    package private(set) var sink: Sink
    /// The next value or key stands behind another.
    private var needsComma = false

    package init(_ sink: Sink) { self.sink = sink }

    package mutating func object(_ members: (inout JSONWriter) -> Void) { nest("{", "}", members) }
    package mutating func array(_ elements: (inout JSONWriter) -> Void) { nest("[", "]", elements) }

    package mutating func object(_ key: String, _ members: (inout JSONWriter) -> Void) {
        self.key(key)
        object(members)
    }

    package mutating func array(_ key: String, _ elements: (inout JSONWriter) -> Void) {
        self.key(key)
        array(elements)
    }

    package mutating func member(_ key: String, _ value: String) {
        self.key(key)
        string(value)
    }

    package mutating func member(_ key: String, _ value: some BinaryInteger) {
        self.key(key)
        verbatim("\(value)")
    }

    package mutating func member(_ key: String, _ value: Bool) {
        self.key(key)
        verbatim(value ? "true" : "false")
    }

    /// Infinity and NaN, which JSON has not, become null.
    package mutating func member(_ key: String, _ value: Double) {
        self.key(key)
        verbatim(value.isFinite ? "\(value)" : "null")
    }

    /// The shortest text that stands for this number.
    package mutating func member(_ key: String, _ value: Float) {
        self.key(key)
        verbatim(value.isFinite ? "\(value)" : "null")
    }

    package mutating func null(_ key: String) {
        self.key(key)
        verbatim("null")
    }

    /// Something between values, such as a line feed.
    package mutating func raw(_ text: StaticString) { sink.append(text) }

    package mutating func string(_ value: String) {
        separate()
        quote(value)
    }

    /// An element of an array; infinity and NaN become null.
    package mutating func number(_ value: some BinaryInteger) { verbatim("\(value)") }
    package mutating func number(_ value: Float) { verbatim(value.isFinite ? "\(value)" : "null") }

    private mutating func key(_ key: String) {
        separate()
        quote(key)
        sink.append(UInt8(ascii: ":"))
        needsComma = false
    }

    private mutating func nest(_ open: StaticString, _ close: StaticString, _ content: (inout JSONWriter) -> Void) {
        separate()
        sink.append(open)
        needsComma = false
        content(&self)
        sink.append(close)
        needsComma = true
    }

    private mutating func verbatim(_ text: String) {
        separate()
        JSONEscape.append(text, to: &sink)
    }

    private mutating func quote(_ text: String) {
        sink.append(UInt8(ascii: "\""))
        JSONEscape.append(text, to: &sink)
        sink.append(UInt8(ascii: "\""))
    }

    private mutating func separate() {
        if needsComma { sink.append(UInt8(ascii: ",")) }
        needsComma = true
    }
}
