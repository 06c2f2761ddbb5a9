/// All advice of late. What was advised and still holds is not advised again.
package struct AdviceBook: Sendable {
    private let capacity: Int
    /// Oldest first.
    package private(set) var advice: [Advice] = []
    private var nextID = 1
    /// Goes up with every change.
    package private(set) var revision = 0

    package init(capacity: Int = 512) { self.capacity = max(1, capacity) }

    /// - Returns: nil when the same holds already.
    package mutating func add(
        _ kind: Advice.Kind, _ subject: String, _ action: String, value: Double? = nil, confidence: Double,
        reason: String, expiry: Double, at time: Double
    ) -> Advice? {
        let isKnown = advice.contains { known in
            known.kind == kind && known.subject == subject && known.action == action && time >= known.time
                && time - known.time < known.expiry
        }
        guard !isKnown else { return nil }
        let new = Advice(
            id: nextID, time: time, kind: kind, subject: subject, action: action, value: value,
            confidence: min(max(confidence, 0), 1), reason: reason, expiry: expiry)
        nextID += 1
        if advice.count >= capacity { advice.removeFirst(advice.count - capacity + 1) }
        advice.append(new)
        revision &+= 1
        return new
    }

    /// Begins with what an earlier book held, oldest first.
    mutating func adopt(_ earlier: [Advice]) {
        advice = earlier.suffix(capacity) + advice
        nextID = max(nextID, (advice.map(\.id).max() ?? 0) + 1)
    }

    package mutating func close(_ id: Int, _ outcome: String) {
        guard let index = advice.lastIndex(where: { $0.id == id }) else { return }
        advice[index].outcome = outcome
        revision &+= 1
    }
}
