internal import AyaAdmin
internal import AyaBrain

/// What the brain does, and not only advises, stands in the audit log like what anybody else does.
extension Brain {
    /// What something was before it was acted upon, and after.
    struct Step {
        var subject: String
        var before: String
        var after: String

        init(_ subject: String, from before: String, to after: String) {
            (self.subject, self.before, self.after) = (subject, before, after)
        }
    }

    /// What an advice that nobody acted upon comes to.
    private static let told = "told"

    /// What became of an advice.
    func close(_ id: Int, _ outcome: String, _ step: Step? = nil) {
        book.close(id, outcome)
        if outcome != Self.told { keep(id, outcome, step) }
    }

    /// Has it in the audit log.
    func keep(_ id: Int, _ outcome: String, _ step: Step? = nil) {
        guard let advice = book.advice.last(where: { $0.id == id }) else { return }
        let isRefused = outcome.hasPrefix("not ") || outcome.contains("failed")
        let change = step.map { "\($0.subject): \($0.before) -> \($0.after)" }
        let changes = isRefused ? [] : [change, outcome].compactMap(\.self)
        let (trail, generation) = (acts.trail, acts.reloader.running.number)
        let action = "\(advice.action) (\(advice.subject))"
        Task {
            await trail.note(
                action, by: .brain, because: advice.reason, changes: changes, problems: isRefused ? [outcome] : [],
                generation: generation)
        }
    }
}

extension Author {
    /// Aya itself.
    fileprivate static let brain = Author(client: "aya", identity: "brain")
}
