package import AyaBalance
package import AyaCore
package import AyaReactor

/// Probes one server again and again, and keeps its verdict.
package final class Prober: RecurringInquiry {
    package private(set) var state: HealthState
    /// Of the latest probe that failed; nil after a good one.
    package private(set) var failure: ProbeFailure?
    package private(set) var probes: UInt64 = 0
    package private(set) var failures: UInt64 = 0
    /// Of the latest probe.
    package private(set) var duration = Interval.zero

    private let probe: any Probe
    private let rule: HealthState.Rule
    private let timeout: Interval
    /// Told of every result, and whether the verdict turned by it; on the prober's thread.
    private let probed: (_ prober: Prober, _ turned: Bool) -> Void

    package init(
        _ probe: any Probe, rule: HealthState.Rule, schedule: ProbeSchedule, timeout: Interval, worker: Worker,
        probed: @escaping (_ prober: Prober, _ turned: Bool) -> Void
    ) {
        self.probe = probe
        self.rule = rule
        self.timeout = timeout
        self.probed = probed
        state = HealthState(now: worker.now)
        super.init(schedule, worker: worker)
    }

    /// Goes on with the verdict and the counts of another prober of the same server.
    package func continueFrom(_ former: Prober) {
        state = former.state
        failure = former.failure
        probes = former.probes
        failures = former.failures
        duration = former.duration
    }

    package override func serve() async {
        let began = worker.now
        do {
            try await probe.ask(self, until: began + timeout)
            failure = nil
        } catch {
            failure = error.lasting(timeout)
            failures &+= 1
        }
        guard !isStopped else { return }
        probes &+= 1
        duration = worker.now - began
        probed(self, state.record(isGood: failure == nil, now: worker.now, rule: rule))
        let doubt = state.isInDoubt ? (state.isDown ? rule.rise : rule.fall) : nil
        park(
            until: schedule.next(
                after: began, isDown: state.isDown, doubt: doubt, now: worker.now, random: &worker.random))
    }

    /// Down, and the latest probe found that nobody listens.
    package var isRefused: Bool { state.isDown && failure?.isRefusal == true }

    /// Why the verdict is what it is: `connection refused (3 of 3 probes)`.
    package var reason: String {
        let needed = state.isDown ? rule.rise : rule.fall
        switch (state.verdict, failure) {
        case (.unknown, _): return "not probed yet"
        case (.up, nil): return "probes are good"
        case (.up, let failure?): return "\(failure.reason) (\(state.streak) of \(needed) probes)"
        case (.down, nil): return "\(state.streak) of \(needed) good probes"
        case (.down, let failure?):
            if probes == 1 { return "\(failure.reason) (first probe)" }
            if state.streak == rule.fall { return "\(failure.reason) (\(rule.fall) of \(rule.fall) probes)" }
            return state.streak > rule.fall ? "\(failure.reason) (\(state.streak) probes)" : failure.reason
        }
    }
}

extension ProbeFailure {
    /// With the length of a deadline that passed.
    fileprivate func lasting(_ timeout: Interval) -> ProbeFailure {
        let milliseconds = timeout.nanoseconds / 1_000_000
        let length = milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000)s" : "\(milliseconds)ms"
        switch self {
        case .late: return ProbeFailure("no answer within \(length)")
        case .unconnected: return ProbeFailure("no connection within \(length)")
        default: return self
        }
    }
}
