/// Where an exchange stands in a trace: which one, and under which of its spans (W3C Trace Context Level 2).
package struct TracePlace: Hashable, Sendable {
    package var high: UInt64
    package var low: UInt64
    /// Of Aya's own span, under which the tries on servers stand.
    package var span: UInt64
    /// Of the client's; 0 when the trace began here.
    package var parent: UInt64
    /// It is to be recorded.
    package var isSampled: Bool
    package var isRandom: Bool

    package init(
        high: UInt64, low: UInt64, span: UInt64, parent: UInt64 = 0, isSampled: Bool = false, isRandom: Bool = true
    ) {
        self.high = high
        self.low = low
        self.span = span
        self.parent = parent
        self.isSampled = isSampled
        self.isRandom = isRandom
    }

    /// The span of the try of that number, from 1: what its server is told. It follows from the exchange's own, so that
    /// nobody need remember it.
    package func tryID(_ number: Int) -> UInt64 {
        var bits = span &+ UInt64(truncatingIfNeeded: number) &* 0x9e37_79b9_7f4a_7c15
        bits = (bits ^ (bits &>> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits &>> 27)) &* 0x94d0_49bb_1331_11eb
        bits ^= bits &>> 31
        // Zero is no id.
        return bits == 0 ? 1 : bits
    }

    /// What `traceparent` says behind the last dash.
    package var flags: UInt8 { (isSampled ? 1 : 0) | (isRandom ? 2 : 0) }
}
