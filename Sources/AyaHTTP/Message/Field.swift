/// One field line of a head: where its name and value stand, and what Aya knows about it.
public struct Field: Equatable, Sendable {
    /// As it was spelled.
    public var name: Slice
    /// Without the white space around it.
    public var value: Slice
    /// The name, where Aya knows it.
    public var known: FieldName
    /// Ends at this hop: one of the fixed set, or named by a `Connection` field (RFC 9110 section 7.6.1).
    public var isHopByHop: Bool

    /// From its parts.
    @inlinable public init(name: Slice, value: Slice, known: FieldName, isHopByHop: Bool) {
        self.name = name
        self.value = value
        self.known = known
        self.isHopByHop = isHopByHop
    }
}
