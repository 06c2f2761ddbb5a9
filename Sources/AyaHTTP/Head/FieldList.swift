/// The fields of a head in the order in which they came. Valid until the head is reset.
package struct FieldList: RandomAccessCollection {
    package let store: FieldStore?
    package let endIndex: Int

    init(_ store: FieldStore?, count: Int) {
        self.store = store
        self.endIndex = count
    }

    @inlinable package var startIndex: Int { 0 }

    @inlinable package subscript(index: Int) -> Field {
        guard let store, index < endIndex else { preconditionFailure("no such field") }
        return store[index]
    }

    @inlinable package func makeIterator() -> Iterator { Iterator(self) }

    /// One comparison a field, instead of what a general collection checks and retains.
    @safe package struct Iterator: IteratorProtocol {
        // Safe: `owner` keeps the memory, and `end` is at most its capacity.
        package let owner: FieldStore?
        package let base: UnsafeMutablePointer<Field>?
        package let end: Int
        package var index = 0

        @inlinable package init(_ list: FieldList) {
            owner = list.store
            unsafe base = list.store?.base
            end = Swift.min(list.endIndex, list.store?.capacity ?? 0)
        }

        @inlinable package mutating func next() -> Field? {
            guard index < end, let base = unsafe base else { return nil }
            let field = unsafe base[index]
            index &+= 1
            return field
        }
    }
}
