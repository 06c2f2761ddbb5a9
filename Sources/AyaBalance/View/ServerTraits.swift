/// What is configured of a server, as far as its place in the choice depends on it.
package struct ServerTraits: Sendable {
    package var weight: Int
    /// By which hash balancers know the server, wherever it stands in the list: `identity(of:)` of its address.
    package var identity: UInt64
    /// The group 0 is used first.
    package var priority: Int
    /// Is used when no other server is left.
    package var isBackup: Bool
    /// Stands in another zone than this Aya.
    package var isRemote: Bool

    package init(
        weight: Int = 1, identity: UInt64, priority: Int = 0, isBackup: Bool = false, isRemote: Bool = false
    ) {
        self.weight = weight
        self.identity = identity
        self.priority = priority
        self.isBackup = isBackup
        self.isRemote = isRemote
    }

    /// The same for the same name, in every process (FNV-1a, then mixed).
    package static func identity(of name: some Sequence<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in name { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return Hash.mix(hash)
    }

    /// For servers without a name.
    package static func identity(of position: Int) -> UInt64 { Hash.mix(UInt64(truncatingIfNeeded: position) &+ 1) }
}
