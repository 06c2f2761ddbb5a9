/// The few servers that an exchange has tried already and must not get again.
///
/// Four fit without an allocation, which covers the usual number of attempts; more are kept in an array.
package struct ExcludedServers: Sendable {
    @usableFromInline var first = InlineArray<4, Int32>(repeating: -1)
    @usableFromInline var more: ContiguousArray<Int32> = []
    package private(set) var count = 0

    @inlinable package init() {}

    @inlinable package static var none: ExcludedServers { ExcludedServers() }

    package init(_ servers: some Sequence<Int>) {
        for server in servers { insert(server) }
    }

    @inlinable package var isEmpty: Bool { first[0] < 0 }

    package mutating func insert(_ server: Int) {
        guard let position = Int32(exactly: server), !contains(server) else { return }
        if count < 4 { first[count] = position } else { more.append(position) }
        count += 1
    }

    package func contains(_ server: Int) -> Bool {
        let position = Int32(truncatingIfNeeded: server)
        for index in 0..<min(count, 4) where first[index] == position { return true }
        return count > 4 && more.contains(position)
    }
}
