internal import AyaCore
internal import AyaHTTP

/// Copies field lines of a head that came in to the head that goes out.
///
/// Lines that stand next to each other and are spelled as Aya would spell them go as one piece; of others the name and
/// the value go without the white space around them. Values were found to be clean by the parser.
struct FieldCopy: ~Copyable {
    private let source: Buffer
    private let out: Buffer
    /// Where the head begins in `source`.
    private let base: Int
    /// The lines that are to go as one piece, as offsets in the head.
    private var start = 0
    private var end = 0

    /// `source` has the head at its front.
    init(from source: Buffer, to out: Buffer) {
        self.source = source
        self.out = out
        base = source.start
    }

    mutating func add(_ field: Field) {
        let line = Int(field.name.start)..<Int(field.value.end) &+ 2
        if line.lowerBound != end || !isPlain(field) {
            flush()
            guard isPlain(field) else { return spell(field) }
            start = line.lowerBound
        }
        end = line.upperBound
    }

    /// To be called after the last field.
    mutating func flush() {
        if end > start { unsafe out.append(source.bytes(base &+ start..<base &+ end)) }
        start = 0
        end = 0
    }

    /// One space behind the colon, and the line's end right behind the value.
    private func isPlain(_ field: Field) -> Bool {
        let colon = Int(field.name.end)
        guard Int(field.value.start) == colon &+ 2 else { return false }
        let head = unsafe source.unread.span
        return head[colon &+ 1] == UInt8(ascii: " ") && head[Int(field.value.end)] == UInt8(ascii: "\r")
    }

    private func spell(_ field: Field) {
        unsafe out.append(source.bytes(field.name.range(from: base)))
        out.append(": ")
        unsafe out.append(source.bytes(field.value.range(from: base)))
        out.append("\r\n")
    }
}
