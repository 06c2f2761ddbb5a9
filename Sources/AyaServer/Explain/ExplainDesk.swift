package import AyaConfig
package import AyaProxy
internal import AyaReactor

/// Answers what would become of a request: by the words of the configuration, and by what a worker says.
struct ExplainDesk: Sendable {
    let reloader: Reloader
    let workers: WorkerDirectory

    /// As JSON.
    func explain(_ question: Question) async -> [UInt8] {
        let running = reloader.running
        let explainer = Explainer(running.blueprint, addresses: running.snapshot.binds.map { "\($0)" })
        let explanation = await explainer.explain(question) { listener in
            // All of them: a request comes to the worker that has its connection, and each picks for itself.
            var findings: [Explainer.Finding] = []
            for site in workers.all {
                if let finding = await site.find(question, at: listener) { findings.append(finding) }
            }
            return Explainer.Finding.merge(findings)
        }
        return explanation.json(generation: running.number)
    }
}

extension Explanation {
    /// The same of a configuration that does not run, as if all its servers were well and idle.
    package static func json(_ question: Question, over blueprint: Blueprint) async -> [UInt8] {
        let explainer = Explainer(blueprint, addresses: blueprint.listeners.map { "\($0.bind)" })
        let explanation = await explainer.explain(question) { listener in
            explainer.find(question, at: listener, seed: 1)
        }
        return explanation.json(generation: nil)
    }
}
