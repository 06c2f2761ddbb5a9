/// A half-open range of byte offsets, relative to the first byte of its message.
///
/// Heads are parsed in place and forwarded piece by piece; eight bytes name a piece without copying or retaining it,
/// and stay true when the buffer moves the message to its front.
public struct Slice: Equatable, Sendable {
    /// Offset of the first byte.
    public var start: UInt32
    /// Offset behind the last byte.
    public var end: UInt32

    /// From offsets.
    @inlinable public init(start: UInt32, end: UInt32) {
        self.start = start
        self.end = end
    }

    /// Offsets come from messages whose limits are far below 4 GiB (`HeadLimits.longestHead`).
    @inlinable init(_ start: Int, _ end: Int) {
        self.start = UInt32(truncatingIfNeeded: start)
        self.end = UInt32(truncatingIfNeeded: end)
    }

    /// No bytes, nowhere.
    @inlinable public static var empty: Slice { Slice(start: 0, end: 0) }

    /// Covers no byte.
    @inlinable public var isEmpty: Bool { end <= start }
    /// How many bytes it covers.
    @inlinable public var count: Int { Int(end) &- Int(start) }
    /// The offsets as array indices; empty when the slice is turned around, so that no input can trap here.
    @inlinable public var range: Range<Int> { Int(start)..<Int(max(start, end)) }

    /// The offsets in a buffer whose message begins at `base`.
    @inlinable public func range(from base: Int) -> Range<Int> {
        let range = self.range
        return (base &+ range.lowerBound)..<(base &+ range.upperBound)
    }
}
