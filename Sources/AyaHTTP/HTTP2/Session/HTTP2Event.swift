/// What the bytes of a peer amount to.
package enum HTTP2Event {
    /// Nothing more is here; what was consumed is behind the offset.
    case needMore
    /// A head is in the block of fields, the first of its stream on a server; final or interim on a client. `isTooLarge`
    /// tells that its fields are more than the limit and were not kept.
    case head(HTTP2Stream, ends: Bool)
    /// Payload of a body, as offsets of the input. `credit`: what it took from the windows, padding included.
    case data(HTTP2Stream, Range<Int>, credit: Int, ends: Bool)
    /// Trailers are in the block of fields; the stream's last word.
    case trailers(HTTP2Stream)
    /// The peer gave the stream up, or broke its rules and was told so.
    case reset(HTTP2Stream, HTTP2Code, HTTP2Fault?)
    /// The peer may be sent more: of this stream, or of any.
    case window(HTTP2Stream?)
    case settings
    /// The peer takes no streams behind `last`.
    case goAway(last: UInt32, code: UInt32)
    case pong(UInt64)
    case priority(HTTP2Stream)
    /// The connection cannot go on. A GOAWAY is written.
    case failed(HTTP2Fault)
}
