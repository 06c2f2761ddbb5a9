extension Blueprint {
    /// Who is turned away first when there is too much work: the last one.
    package enum Criticality: String, Hashable, Sendable, CaseIterable, Comparable {
        case critical, high, normal, sheddable

        /// 0 is the most critical.
        package var rank: Int {
            switch self {
            case .critical: 0
            case .high: 1
            case .normal: 2
            case .sheddable: 3
            }
        }

        /// Less critical is less.
        package static func < (left: Criticality, right: Criticality) -> Bool { left.rank > right.rank }
    }

    /// A second pool that gets copies of requests; its answers are compared and dropped.
    package struct Mirror: Hashable, Sendable {
        package var pool: String
        /// Of the route's requests.
        package var share: Double
        package init(pool: String, share: Double = 1) {
            self.pool = pool
            self.share = share
        }
    }

    /// Trouble made on purpose, to see how clients take it.
    package struct Faults: Hashable, Sendable {
        package var delay: Duration?
        /// Of the route's requests.
        package var delayShare = 1.0
        /// The status that is answered instead of a server's.
        package var abort: Int?
        package var abortShare = 1.0
        package init() {}
    }
}
