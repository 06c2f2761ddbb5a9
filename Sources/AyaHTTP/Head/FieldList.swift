/// The fields of a head in the order in which they came. Valid until the head is reset.
public struct FieldList: RandomAccessCollection {
    /// The memory the fields live in.
    public let store: FieldStore?
    /// How many there are.
    public let endIndex: Int

    init(_ store: FieldStore?, count: Int) {
        self.store = store
        self.endIndex = count
    }

    /// Zero.
    @inlinable public var startIndex: Int { 0 }

    /// The field at a place, which must exist.
    @inlinable public subscript(index: Int) -> Field {
        guard let store, index < endIndex else { preconditionFailure("no such field") }
        return store[index]
    }

    /// From the first field to the last.
    @inlinable public func makeIterator() -> Iterator { Iterator(self) }

    /// One comparison a field, instead of what a general collection checks and retains.
    @safe public struct Iterator: IteratorProtocol {
        // Safe: `owner` keeps the memory, and `end` is at most its capacity.
        @usableFromInline let owner: FieldStore?
        @usableFromInline let base: UnsafeMutablePointer<Field>?
        @usableFromInline let end: Int
        @usableFromInline var index = 0

        @inlinable init(_ list: FieldList) {
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
