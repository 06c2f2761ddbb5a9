/// How a client wants a response to share the connection with others (RFC 9218 section 4).
package struct StreamPriority: Equatable, Sendable {
    /// 0 comes first, 7 last.
    package var urgency: UInt8 = 3
    /// Of use in pieces, so streams of one urgency take turns; otherwise they go one after the other.
    package var isIncremental = false

    package init() {}

    /// Reads a structured field such as `u=1, i`. What it does not understand it leaves as it was (section 4).
    package mutating func read(_ text: Span<UInt8>) {
        var members = ListScanner()
        while let range = members.next(text) {
            let member = text.extracting(range)
            if member.count >= 3, member[0] == UInt8(ascii: "u"), member[1] == UInt8(ascii: "=") {
                let digit = member[2] &- 48
                let ends = member.count == 3 || member[3] == UInt8(ascii: ";")
                if digit <= 7, ends { urgency = digit }
            } else if member.count >= 1, member[0] == UInt8(ascii: "i") {
                if member.count == 1 || member.equalsIgnoringCase("i=?1") { isIncremental = true }
                if member.equalsIgnoringCase("i=?0") { isIncremental = false }
            }
        }
    }
}
