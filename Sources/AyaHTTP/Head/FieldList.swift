/// The fields of a head in the order in which they came. Valid until the head is reset.
///
/// Public, with what it is made of, because only then the compiler inlines its loop in other modules.
public struct FieldList: RandomAccessCollection {
    /// Where they live; nil without fields.
    public let store: FieldStore?
    /// How many there are.
    public let endIndex: Int

    init(_ store: FieldStore?, count: Int) {
        self.store = store
        self.endIndex = count
    }

    /// Always 0.
    @inlinable public var startIndex: Int { 0 }

    /// Traps beyond the last.
    @inlinable public subscript(index: Int) -> Field {
        guard let store, index < endIndex else { preconditionFailure("no such field") }
        return store[index]
    }

    /// From the first to the last.
    @inlinable public func makeIterator() -> Iterator { Iterator(self) }

    /// One comparison a field, instead of what a general collection checks and retains.
    @safe public struct Iterator: IteratorProtocol {
        // Safe: `owner` keeps the memory, and `end` is at most its capacity.
        /// Keeps the memory.
        public let owner: FieldStore?
        /// The first field.
        public let base: UnsafeMutablePointer<Field>?
        /// Behind the last.
        public let end: Int
        /// The next one.
        public var index = 0

        /// Over these fields.
        @inlinable public init(_ list: FieldList) {
            owner = list.store
            unsafe base = list.store?.base
            end = Swift.min(list.endIndex, list.store?.capacity ?? 0)
        }

        /// The next field; nil behind the last.
        @inlinable public mutating func next() -> Field? {
            guard index < end, let base = unsafe base else { return nil }
            let field = unsafe base[index]
            index &+= 1
            return field
        }
    }
}
