package import AyaConfig
package import AyaReactor

/// A blueprint made ready to run: names resolved, references turned into indexes. Immutable and shared by all
/// workers; each builds its own `Runtime` from it.
package struct Snapshot: Sendable {
    package var blueprint: Blueprint
    /// Counts configurations since the start; the first is 1.
    package var generation: Int
    /// By pool and server position, the address to connect to.
    package var addresses: [[BoundEndpoint]]
    /// Of every listener, in order, where it binds.
    package var binds: [BoundEndpoint]
    package var adminBind: BoundEndpoint?

    package init(
        blueprint: Blueprint, generation: Int, addresses: [[BoundEndpoint]], binds: [BoundEndpoint],
        adminBind: BoundEndpoint?
    ) {
        self.blueprint = blueprint
        self.generation = generation
        self.addresses = addresses
        self.binds = binds
        self.adminBind = adminBind
    }
}
