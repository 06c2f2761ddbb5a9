/// Makes the number of a pool's servers what is wanted, in one way. What it asks for twice it has asked for once.
package protocol CapacityActuator: Sendable {
    /// What is asked for there now; nil where nobody can say.
    func standing() async throws(CallFault) -> CapacityStanding?

    /// - Returns: how many are asked for there then.
    func ask(for wish: CapacityWish) async throws(CallFault) -> Int
}

/// What a service says about the number of servers.
package struct CapacityStanding: Sendable, Equatable {
    /// Those that it has or makes.
    package var servers: Int
    /// Its own bounds.
    package var least: Int?
    package var most: Int?

    package init(servers: Int, least: Int? = nil, most: Int? = nil) {
        self.servers = servers
        self.least = least
        self.most = most
    }
}
