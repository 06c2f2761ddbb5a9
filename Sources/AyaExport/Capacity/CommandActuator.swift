internal import AyaTelemetry

/// A program of the operator's, which is told by its environment: `AYA_POOL`, `AYA_SERVERS`, `AYA_PRESENT`, and the
/// whole wish as JSON in `AYA_WISH`.
package struct CommandActuator: CapacityActuator {
    /// Runs it to its end; nil when that was a good one, else why not.
    package typealias Runner = @Sendable ([String], [(name: String, value: String)]) async -> String?

    private let words: [String]
    private let run: Runner

    package init(_ words: [String], run: @escaping Runner) {
        self.words = words
        self.run = run
    }

    package func standing() async throws(CallFault) -> CapacityStanding? { nil }

    package func ask(for wish: CapacityWish) async throws(CallFault) -> Int {
        let environment: [(name: String, value: String)] = [
            ("AYA_POOL", wish.pool), ("AYA_SERVERS", "\(wish.servers)"), ("AYA_PRESENT", "\(wish.present)"),
            ("AYA_WISH", String(decoding: wish.json, as: UTF8.self)),
        ]
        if let problem = await run(words, environment) { throw CallFault("the command failed: \(problem)") }
        return wish.servers
    }
}
