/// Turns alarms into incidents, so that people hear once of what happens once.
///
/// An alarm joins a lasting incident whose subject is related. An incident is over when it was quiet for a while; if
/// the same trouble comes back soon after, it goes on rather than being told anew.
package struct IncidentLog: Sendable {
    package struct Policy: Equatable, Sendable {
        /// Seconds without an alarm after which an incident is over.
        package var quiet = 900.0
        /// Seconds after its end within which an incident is taken up again.
        package var relapse = 3_600.0
        /// Incidents that are kept, and alarms that are kept of each.
        package var capacity = 256
        package var evidence = 16

        package init() {}
    }

    package enum Outcome: Equatable, Sendable {
        /// News.
        case opened(Incident)
        /// More of something that is known.
        case joined(Incident)
        /// What seemed to be over is back.
        case reopened(Incident)

        package var incident: Incident {
            switch self {
            case .opened(let incident), .joined(let incident), .reopened(let incident): incident
            }
        }
    }

    private let policy: Policy
    /// Oldest first.
    package private(set) var incidents: [Incident] = []
    private var nextID = 1
    /// Goes up with every change.
    package private(set) var revision = 0

    package init(policy: Policy = Policy()) { self.policy = policy }

    package var open: [Incident] { incidents.filter { $0.ended == nil } }

    package mutating func record(_ alarm: Alarm) -> Outcome {
        revision &+= 1
        _ = advance(to: alarm.sample.time)
        if let index = lasting(alarm) {
            join(alarm, to: index)
            return .joined(incidents[index])
        }
        if let index = over(alarm) {
            incidents[index].ended = nil
            join(alarm, to: index)
            return .reopened(incidents[index])
        }
        let incident = Incident(id: nextID, first: alarm)
        nextID &+= 1
        if incidents.count >= max(1, policy.capacity) { forget() }
        incidents.append(incident)
        return .opened(incident)
    }

    /// - Returns: the incidents that are over by now, each told once.
    package mutating func advance(to time: Double) -> [Incident] {
        var over: [Incident] = []
        for index in incidents.indices where incidents[index].ended == nil {
            guard time - incidents[index].lastAlarm >= policy.quiet else { continue }
            incidents[index].ended = incidents[index].lastAlarm + policy.quiet
            over.append(incidents[index])
            revision &+= 1
        }
        return over
    }

    /// Notes where an incident comes from; the latest finding counts.
    package mutating func explain(_ id: Int, by culprits: [Culprit]) {
        guard let index = incidents.firstIndex(where: { $0.id == id }) else { return }
        incidents[index].culprits = culprits
        revision &+= 1
    }

    /// Begins with what an earlier log held, oldest first.
    mutating func adopt(_ earlier: [Incident]) {
        incidents = earlier.suffix(max(1, policy.capacity)) + incidents
        nextID = max(nextID, (incidents.map(\.id).max() ?? 0) + 1)
    }

    private func lasting(_ alarm: Alarm) -> Int? {
        incidents.lastIndex { $0.ended == nil && $0.subject.isRelated(to: alarm.series.subject) }
    }

    private func over(_ alarm: Alarm) -> Int? {
        incidents.lastIndex { incident in
            guard let ended = incident.ended, alarm.sample.time - ended < policy.relapse else { return false }
            return incident.evidence.contains { $0.series == alarm.series }
        }
    }

    private mutating func join(_ alarm: Alarm, to index: Int) {
        // An alarm about everything tells nothing of whom it is about.
        if !alarm.series.subject.values.isEmpty {
            incidents[index].subject = incidents[index].subject.common(with: alarm.series.subject)
        }
        incidents[index].lastAlarm = max(incidents[index].lastAlarm, alarm.sample.time)
        incidents[index].alarmCount &+= 1
        incidents[index].worst = max(incidents[index].worst, alarm.verdict.score)
        guard incidents[index].evidence.count < policy.evidence,
            !incidents[index].evidence.contains(where: { $0.series == alarm.series })
        else { return }
        incidents[index].evidence.append(alarm)
    }

    /// The oldest that is over goes first, a lasting one only when there is no other.
    private mutating func forget() {
        incidents.remove(at: incidents.firstIndex { $0.ended != nil } ?? 0)
    }
}
