/// What an operator lets the brain advise about incidents. The default is to tell, and nothing else.
package struct ResponsePolicy: Equatable, Sendable {
    package var ejectsServers = false
    package var quarantinesClients = false
    /// Pools that are on trial.
    package var canaries: Set<String> = []
    package var tightensLimits = false
    /// Part of the change that one name must account for, to be acted on.
    package var leastShare = 0.6
    /// Seconds for which advice holds.
    package var expiry = 600.0

    package init() {}

    /// - Parameter pool: where the trouble is, when that is known from elsewhere than its subject.
    /// - Returns: the alert, and what the policy allows besides. At most one name is acted on: the others may be well
    ///   once it is gone.
    package func advice(for incident: Incident, in pool: String? = nil) -> [IncidentAdvice] {
        let measures = Set(incident.evidence.map(\.series.measure))
        let culprit = incident.culprits.first
        let reason = Self.reason(incident, culprit)
        var advice = [
            IncidentAdvice(action: .alert, confidence: incident.worst, reason: reason, expiry: expiry)
        ]
        let trial = trial(in: pool ?? incident.subject[.pool], measures)
        let share = trial == nil ? min(1, culprit?.share ?? 1) : 1
        if share >= leastShare, let action = trial ?? action(against: culprit, measures: measures) {
            advice.append(
                IncidentAdvice(
                    action: action, confidence: min(1, max(0, share * incident.worst)), reason: reason, expiry: expiry))
        }
        return advice
    }

    /// Of a pool that is on trial, no single server needs to be to blame.
    private func trial(in pool: String?, _ measures: Set<SeriesName.Measure>) -> IncidentAdvice.Action? {
        guard let pool, canaries.contains(pool), !measures.isDisjoint(with: [.errors, .latency]) else { return nil }
        return .rollBack(pool: pool)
    }

    private func action(against culprit: Culprit?, measures: Set<SeriesName.Measure>) -> IncidentAdvice.Action? {
        let isUnwell = !measures.isDisjoint(with: [.errors, .latency])
        let isBusy = !measures.isDisjoint(with: [.requests, .bytes, .sessions])
        guard let culprit else { return tightensLimits && isBusy && isUnwell ? .tightenLimits : nil }
        // Who went quiet is not stopped.
        guard culprit.during > culprit.before else { return nil }
        switch culprit.dimension {
        case .server: return ejectsServers && isUnwell ? .ejectServer(culprit.value) : nil
        case .client: return quarantinesClients && isBusy ? .quarantineClient(culprit.value) : nil
        case .pool: return canaries.contains(culprit.value) && isUnwell ? .rollBack(pool: culprit.value) : nil
        case .listener, .route, .status: return nil
        }
    }

    /// `errors, latency of pool api; 97% of the change is server 10.0.0.1:80, 0.001 before, 0.3 now`.
    private static func reason(_ incident: Incident, _ culprit: Culprit?) -> String {
        var measures: [String] = []
        for alarm in incident.evidence where !measures.contains(alarm.series.measure.rawValue) {
            measures.append(alarm.series.measure.rawValue)
        }
        var text = "\(measures.joined(separator: ", ")) of \(incident.subject)"
        if let culprit {
            let percent = Int(min(max(100 * culprit.share, 0), 100).rounded())
            text += "; \(percent)% of the change is \(culprit.dimension.rawValue) \(culprit.value), "
            text += "\(short(culprit.before)) before, \(short(culprit.during)) now"
        }
        return text
    }

    /// Three digits that matter.
    private static func short(_ value: Double) -> String {
        guard value.isFinite, value != 0, abs(value) < 1e12, abs(value) > 1e-6 else { return "\(value)" }
        var scale = 1.0
        while abs(value) * scale < 100 { scale *= 10 }
        let rounded = (value * scale).rounded() / scale
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }
}
