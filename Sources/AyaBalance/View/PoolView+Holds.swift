extension PoolView {
    /// Reasons why a server takes no new work. Each has its own author, so one may not lift another's.
    package struct Holds: OptionSet, Sendable {
        package let rawValue: UInt16
        package init(rawValue: UInt16) { self.rawValue = rawValue }

        /// Probes found it unhealthy, or its name does not resolve.
        package static let down = Holds(rawValue: 1)
        /// Its traffic failed too often.
        package static let ejected = Holds(rawValue: 2)
        /// It is being taken out of service.
        package static let draining = Holds(rawValue: 4)
        /// It is at its limit of connections.
        package static let full = Holds(rawValue: 8)
        /// Its circuit breaker is open.
        package static let broken = Holds(rawValue: 16)
        /// It stands by: servers that come before it suffice. Only the view itself sets and lifts it.
        package static let standby = Holds(rawValue: 32)
        /// It does not belong to the subset that this view shows.
        package static let outside = Holds(rawValue: 64)
        /// Its drain's deadline has passed: not even persistence sends it work.
        package static let drained = Holds(rawValue: 128)
        /// It refuses connections where its traffic goes: a fact rather than a verdict, which no panic ignores.
        package static let unreachable = Holds(rawValue: 256)

        /// Those that hold for all workers at once.
        package static let verdicts: [Holds] = [.unreachable, .down, .ejected, .draining, .drained, .broken]

        /// All of them with their words, for explanations.
        package static let words: [(hold: Holds, word: String)] = [
            (.down, "down"), (.unreachable, "unreachable"), (.ejected, "ejected"), (.draining, "draining"),
            (.drained, "drained"), (.broken, "breaker open"), (.full, "at its limit"), (.standby, "standby"),
            (.outside, "not of the subset"),
        ]

        package var words: [String] { Self.words.filter { contains($0.hold) }.map(\.word) }

        /// Those after which a server starts slowly.
        static let absences: Holds = [.down, .unreachable, .ejected, .draining, .broken]
    }
}
