internal import AyaBalance
internal import AyaCore
package import AyaReactor

/// Asks one server something again and again.
///
/// Between two times it is parked like an idle connection: an object and a place in the timer wheel, no task and no
/// buffer. Thousands of them cost little on one thread.
package class RecurringInquiry: Waiter {
    var schedule: ProbeSchedule
    private(set) var isStopped = false

    init(_ schedule: ProbeSchedule, worker: Worker) {
        self.schedule = schedule
        super.init(worker: worker)
    }

    /// Begins, as the server at `position` of `count`.
    package final func start(position: Int, count: Int) {
        setDeadline(schedule.first(position: position, count: count, now: worker.now + Self.moment))
    }

    /// A deadline must lie ahead to be kept.
    private static let moment = Interval(nanoseconds: 1)

    package func stop() {
        isStopped = true
        retire()
    }

    package final override func parkedTimeout() { startServing() }

    /// A socket of an inquiry that is over.
    package final override func parkedEvent() {}
}
