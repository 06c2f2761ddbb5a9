/// The memory that a head's fields live in, kept from one message to the next.
///
/// An array would check that it is not shared at every append and rebuild itself when it is emptied: with five fields a
/// tenth of the parse. Who owns the store counts what is in it.
@safe public final class FieldStore {
    // Safe: `base` is `capacity` initialized fields from init to deinit, and each access is checked against it.
    /// The first of them.
    public let base: UnsafeMutablePointer<Field>
    /// How many fit.
    public let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
        unsafe base = .allocate(capacity: capacity)
        let nothing = Field(name: .empty, value: .empty, known: .other, isHopByHop: false)
        unsafe base.initialize(repeating: nothing, count: capacity)
    }

    deinit { unsafe base.deallocate() }

    /// A store of twice the size with the same fields.
    func grown() -> FieldStore {
        let larger = FieldStore(capacity: max(8, capacity &* 2))
        for index in 0..<capacity { larger[index] = self[index] }
        return larger
    }

    /// The memory without its owner, so that a loop does not retain and release the store for each field.
    @safe struct Slots {
        // Safe: whoever holds it holds the store as well, and each access is checked.
        fileprivate let base: UnsafeMutablePointer<Field>
        fileprivate let capacity: Int

        @inline(__always)
        func isFull(at count: Int) -> Bool { count >= capacity }

        @inline(__always)
        func write(_ field: Field, at index: Int) {
            precondition(index >= 0 && index < capacity, "no such field")
            unsafe base[index] = field
        }
    }

    var slots: Slots { unsafe Slots(base: base, capacity: capacity) }

    /// The field at a place within the capacity.
    @inlinable public subscript(index: Int) -> Field {
        get {
            precondition(index >= 0 && index < capacity, "no such field")
            return unsafe base[index]
        }
        set {
            precondition(index >= 0 && index < capacity, "no such field")
            unsafe base[index] = newValue
        }
    }
}
