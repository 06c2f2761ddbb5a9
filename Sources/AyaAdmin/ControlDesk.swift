package import AyaHTTP
package import AyaTelemetry

/// What the admin API changes in a running Aya, and tells of its configurations. The composition root implements it;
/// changes are made one at a time.
package protocol ControlDesk: Sendable {
    func change(_ change: WantedChange, by author: Author) async -> ChangeOutcome
    /// From the oldest to the newest.
    func generations() -> [GenerationEntry]
    /// In the expanded form, without secrets; nil for a generation that is not remembered.
    ///
    /// - Parameter version: nil for what runs.
    func configuration(_ version: Version, as notation: Notation) -> (generation: Int, text: String)?
    /// What the second changes against the first.
    func difference(from old: Version, to new: Version) async -> DifferenceOutcome
    /// What happens from now on, as server-sent events: in the words of the log, which has whatever an operator should
    /// know.
    ///
    /// - Parameter recent: how many events of before come first; only the latest are remembered.
    func events(recent: Int) -> ServiceFeed
    /// Exchanges, sessions and flows as they end, as server-sent events; nil when too many watch already.
    func tap(_ wish: TapWish) -> ServiceFeed?
    /// What would become of a request, as JSON.
    func explain(_ question: [UInt8]) async throws(QuestionFault) -> [UInt8]
    /// What is written into the log at least.
    var logLevel: String { get }
    /// What the next start begins with; nil: the usual level.
    var keptLogLevel: String? { get }
    /// The latest changes, and those that were refused; the newest last; and why they are not kept on the disk.
    func audit() -> (entries: [AuditEntry], problem: String?)
    /// Who may use the API.
    var access: AdminAccess { get }
}

/// Why a question is not understood.
package struct QuestionFault: Error, Sendable {
    package var reason: String
    package init(_ reason: String) { self.reason = reason }
}

/// A wish for a change, and under which conditions it is to be made.
package struct WantedChange: Sendable {
    package var kind: Kind
    /// The generation that must run; nil: any.
    package var expected: Int?
    /// Only told what would change.
    package var isTrial: Bool

    package enum Kind: Sendable, Equatable {
        /// Read the configuration again.
        case reload
        /// Go back to that generation; nil: the one before.
        case rollback(Int?)
        case setWeight(Int, pool: String, server: String)
        /// No new work. For clients that persistence binds to it: until so much time has passed; nil: as the pool says.
        case drain(Duration?, pool: String, server: String)
        case endDraining(pool: String, server: String)
        /// Written as in a pool's list of servers.
        case addServer(pool: String, text: [UInt8])
        case removeServer(pool: String, server: String)
        case setRoute(String, isEnabled: Bool)
        /// Take back every change that the API made.
        case reset
        /// Have another process take over.
        case upgrade
        /// What is less urgent is not written into the log; from the next start on too, if it is kept.
        case setLogLevel(String, isKept: Bool)
    }

    package init(_ kind: Kind, expected: Int? = nil, isTrial: Bool = false) {
        self.kind = kind
        self.expected = expected
        self.isTrial = isTrial
    }
}

/// How a configuration is written down.
package enum Notation: Sendable {
    case yaml
    case json
}

/// A configuration to compare or to tell.
package enum Version: Sendable, Equatable {
    case running
    /// What the configuration's file says now.
    case file
    case generation(Int)
}

/// Who asks for a change, for the audit log.
package struct Author: Sendable, Equatable {
    /// The client's address, or what stands for a unix socket.
    package var client: String
    /// As it calls itself; nil when it does not.
    package var agent: String?
    /// By what it was let in: `unix socket`, `loopback`, `token ci`, `certificate CN=ops`.
    package var identity: String

    package init(client: String, agent: String? = nil, identity: String) {
        self.identity = identity
        self.client = client
        self.agent = agent
    }
}

package struct GenerationEntry: Sendable {
    package var number: Int
    /// RFC 3339.
    package var time: String
    package var origin: String
    package var summary: String
    package var isRunning: Bool

    package init(number: Int, time: String, origin: String, summary: String, isRunning: Bool) {
        self.number = number
        self.time = time
        self.origin = origin
        self.summary = summary
        self.isRunning = isRunning
    }
}

package struct AuditEntry: Sendable {
    /// RFC 3339.
    package var time: String
    package var author: Author
    /// `set weight of main/127.0.0.1:9001 to 3`.
    package var action: String
    /// Why, where nobody asked for it; nil otherwise.
    package var reason: String?
    package var generationBefore: Int
    package var generationAfter: Int
    /// What differs, as lines; empty when it was refused.
    package var changes: [String]
    /// Why it was refused; empty when it was made.
    package var problems: [String]

    package init(
        time: String, author: Author, action: String, reason: String? = nil, generationBefore: Int,
        generationAfter: Int, changes: [String], problems: [String]
    ) {
        self.reason = reason
        self.time = time
        self.author = author
        self.action = action
        self.generationBefore = generationBefore
        self.generationAfter = generationAfter
        self.changes = changes
        self.problems = problems
    }
}
