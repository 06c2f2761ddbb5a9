package import AyaCore

/// What somebody who watches exchanges as they end wants to see, and how much of it at most.
package struct TapWish: Sendable, Equatable {
    package var filter = TapFilter()
    /// The share of matching exchanges that is told, above 0 and up to 1.
    package var share = 1.0
    /// Records a second, over all workers. What comes beyond is dropped and counted.
    package var rate = 1_000
    /// It ends behind so many records; nil: never.
    package var limit: Int?

    package static let largestRate = 100_000

    package init() {}
}

/// Which exchanges, sessions and flows are told. Every condition that is set must hold.
///
/// It is asked on a worker about each exchange that ends, before anything of it is written down: names are compared as
/// bytes, and nothing is allocated.
package struct TapFilter: Sendable, Equatable {
    /// One of these names; none: any.
    package var listeners: [[UInt8]] = []
    package var routes: [[UInt8]] = []
    package var pools: [[UInt8]] = []
    package var servers: [[UInt8]] = []
    package var methods: [[UInt8]] = []
    /// One of these ranges; what has no status is left out.
    package var statuses: [ClosedRange<Int>] = []
    package var reasons: [Reason] = []
    package var clients: [CIDR] = []
    package var path: Path?
    package var slowerThan: Interval?
    /// Fields of the request, which the data plane looks up.
    package var fields: [Field] = []

    package init() {}

    package enum Path: Sendable, Equatable {
        case exactly([UInt8])
        case below([UInt8])
    }

    package struct Field: Sendable, Equatable {
        package var name: [UInt8]
        /// Nil: whatever it says.
        package var value: [UInt8]?

        package init(name: [UInt8], value: [UInt8]?) {
            self.name = name
            self.value = value
        }
    }

    /// Whether everything but `fields` holds.
    package func matches(_ record: borrowing AccessRecord) -> Bool {
        guard unsafe Self.holds(listeners, record.listener), unsafe Self.holds(routes, record.route),
            unsafe Self.holds(pools, record.pool), unsafe Self.holds(servers, record.server)
        else { return false }
        if !statuses.isEmpty {
            let status = record.status
            guard statuses.contains(where: { $0.contains(status) }) else { return false }
        }
        if !reasons.isEmpty, !reasons.contains(record.reason) { return false }
        if let slowerThan, record.total <= slowerThan { return false }
        if !clients.isEmpty {
            guard let client = record.client, clients.contains(where: { $0.contains(client.ip) }) else { return false }
        }
        if !methods.isEmpty {
            let method = unsafe record.method
            guard methods.contains(where: { unsafe $0.elementsEqual(method) }) else { return false }
        }
        switch path {
        case nil: return true
        case .exactly(let wanted): return unsafe record.path.elementsEqual(wanted)
        case .below(let prefix): return unsafe record.path.starts(with: prefix)
        }
    }

    private static func holds(_ wanted: [[UInt8]], _ name: UnsafeBufferPointer<UInt8>) -> Bool {
        wanted.isEmpty || wanted.contains { unsafe $0.elementsEqual(name) }
    }
}
