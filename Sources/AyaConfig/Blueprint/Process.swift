extension Blueprint {
    /// What the process gives up when it starts.
    package struct Process: Hashable, Sendable {
        /// Whom it becomes when root starts it; nil: it stays who it is.
        package var user: String?
        /// Nil: the user's own.
        package var group: String?
        /// Whether system calls that it never makes are refused.
        package var systemCalls = Demand.auto
        /// Whether it can write its own files only.
        package var landlock = Demand.auto

        package init() {}

        package enum Demand: String, Hashable, Sendable, CaseIterable {
            /// Where the kernel can do it, and nothing speaks against it.
            case auto
            /// Without it there is no start.
            case on
            case off
        }
    }
}
