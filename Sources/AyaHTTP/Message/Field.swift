/// One field line of a head: where its name and value stand, and what Aya knows about it.
package struct Field: Equatable, Sendable {
    package var name: Slice
    /// Without the white space around it.
    package var value: Slice
    package var known: FieldName
    /// Ends at this hop: one of the fixed set, or named by a `Connection` field (RFC 9110 section 7.6.1).
    package var isHopByHop: Bool

    @inlinable package init(name: Slice, value: Slice, known: FieldName, isHopByHop: Bool) {
        self.name = name
        self.value = value
        self.known = known
        self.isHopByHop = isHopByHop
    }
}
