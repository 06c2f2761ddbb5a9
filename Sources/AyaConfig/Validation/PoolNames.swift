internal import AyaCore

extension Validation {
    /// Every name of a pool leads to one; a pool that nobody names is probably a mistake.
    func checkPoolNames() {
        let names = draft.poolNames.keys.sorted()
        var used: Set<String> = []
        for reference in draft.listenerPools + draft.routePools + draft.mirrorPools
            + draft.fallbackPools.map(\.reference)
        {
            used.insert(reference.pool)
            if draft.poolNames[reference.pool] == nil {
                let hint = problems.isFull ? "" : Suggestion.hint(for: reference.pool, among: names)
                problems.error("unknown pool '\(shortened(reference.pool))'\(hint)", at: reference.place)
            }
        }
        // A route that could not be read may be the one that uses it.
        guard !problems.hasErrors else { return }
        for (name, place) in draft.poolNames where !used.contains(name) {
            problems.warning("no route or listener uses pool '\(name)'", at: place)
        }
    }
}
