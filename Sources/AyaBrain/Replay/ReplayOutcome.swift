/// What a replayed day would have cost and how its users would have fared.
package struct ReplayOutcome: Sendable, Equatable {
    package var serverHours = 0.0
    /// Seconds in which demand was more than the servers carry.
    package var overloadSeconds = 0.0
    /// Of all requests, in seconds, by a model of the pool as one queue.
    package var p99 = 0.0
    /// Share of requests that found no room.
    package var errorShare = 0.0
    /// How often the number of servers was changed.
    package var changes = 0
    package var mostServers = 0
}
