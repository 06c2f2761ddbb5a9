internal import Foundation
internal import Testing

/// Histories of connections by their seeds. `AYA_SIMULATION_SEEDS=100000` runs so many of each kind in place of a few.
@Suite("Simulated HTTP/2 sessions")
struct SessionSimulationTests {
    private static let seeds = ProcessInfo.processInfo.environment["AYA_SIMULATION_SEEDS"].flatMap(UInt64.init) ?? 1000

    @Test("Whatever comes in whatever order, a session does what RFC 9113 says", arguments: [true, false])
    func histories(isServer: Bool) throws {
        var whole = 0
        for seed in 1...Self.seeds {
            var simulation = try SessionSimulation(seed: seed, isServer: isServer)
            try simulation.run(steps: 120)
            whole += simulation.hasEnded ? 0 : 1
        }
        // Both kinds are among them: histories without an end, and such as end with an error.
        #expect(whole > 0 && whole < Self.seeds)
    }
}
