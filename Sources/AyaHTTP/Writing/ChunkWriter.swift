package import AyaCore

/// The chunked transfer coding (RFC 9112 section 7.1): a header, then so many bytes, then CRLF; at last the trailers.
extension Buffer {
    /// The size line of a chunk. Zero would end the body, so it writes nothing.
    package func appendChunkHeader(_ count: Int) {
        guard count > 0 else { return }
        let value = UInt64(count)
        var shift = UInt64(63 - value.leadingZeroBitCount) & ~3
        while true {
            let nibble = UInt8(truncatingIfNeeded: value >> shift & 15)
            append(nibble < 10 ? 48 &+ nibble : 87 &+ nibble)
            if shift == 0 { break }
            shift &-= 4
        }
        append("\r\n")
    }

    /// Ends a body without trailers.
    package func appendLastChunk() { append("0\r\n\r\n") }

    /// Ends a body with the trailer lines that a decoder handed over, but for those that must not be in a trailer
    /// section or end at this hop (RFC 9110 section 6.5.1): whoever merges trailers into the head would let them speak
    /// about framing, routing or authentication.
    package func appendLastChunk(trailers: Span<UInt8>) {
        append("0\r\n")
        var lines = TrailerLines()
        while let field = lines.next(trailers) {
            if field.known.isForbiddenInTrailers { continue }
            appendField(name: trailers.extracting(field.name.range), value: trailers.extracting(field.value.range))
        }
        append("\r\n")
    }
}

/// Walks through the lines of a trailer section that the decoder has already found well-formed.
package struct TrailerLines {
    private var at = 0

    package init() {}

    package mutating func next(_ section: Span<UInt8>) -> Field? {
        let end = section.count
        let start = at
        let colon = section.endOfName(from: start, to: end)
        guard colon < end, section[colon] == UInt8(ascii: ":") else { return nil }
        let lineEnd = section.endOfValue(from: colon &+ 1, to: end)
        at = min(lineEnd &+ 2, end)
        var valueStart = colon &+ 1
        var valueEnd = lineEnd
        while valueStart < valueEnd, section[valueStart].isOptionalWhitespace { valueStart &+= 1 }
        while valueEnd > valueStart, section[valueEnd &- 1].isOptionalWhitespace { valueEnd &-= 1 }
        let known = FieldName.recognise(section, from: start, to: colon)
        return Field(
            name: Slice(start, colon), value: Slice(valueStart, valueEnd), known: known,
            isHopByHop: known.isAlwaysHopByHop)
    }
}
