package import AyaCore

/// What a task sleeps on: the next event of any of its sockets, or its deadline.
///
/// One waiter serves a client's and a server's socket together, so a task that waits for the server also learns that
/// the client has gone. Nothing says *which* event came: sockets remember readiness in flags, and the task looks at
/// them and waits again if it must. Between exchanges the task ends, and the waiter alone stays behind, *parked*; its
/// next event starts a task again. That is why an idle connection costs a few hundred bytes and no stack.
@safe open class Waiter {
    package let worker: Worker
    private var state = State.parked
    private var continuation: UnsafeContinuation<Void, Never>?

    /// When `timerFired` happens next; `distantFuture` for never.
    package private(set) var deadline = Instant.distantFuture
    /// The timer wheel's place for this waiter.
    var timer = unsafe TimerWheel.Links()
    /// Who comes after this one, while it is queued for a step.
    var nextToStep: Waiter?

    private enum State {
        /// No task: an event calls `parkedEvent`.
        case parked
        /// A task or a step runs, or is about to.
        case running
        /// A task sleeps on `continuation`.
        case waiting
    }

    package init(worker: Worker) { self.worker = worker }

    deinit { worker.timers.remove(self) }

    /// An event came while no task was there; the default starts `serve` in a task.
    open func parkedEvent() { startServing() }

    /// The deadline passed while no task was there.
    open func parkedTimeout() {}

    /// The worker takes no new work: end what has not begun.
    open func drain() {}

    /// The work of a task that `startServing` begins.
    open func serve() async {}

    /// The work that `stepSoon` asks for: what needs no task, because it never waits.
    open func step() {}

    /// Has `step` called once every event of this turn is known.
    package final func stepSoon() {
        state = .running
        worker.steps.append(self)
    }

    /// Lends a task of the worker to `serve`.
    package final func startServing() {
        state = .running
        worker.tasks.start(self)
    }

    /// To be called as the last act of `serve` or `step`: from now on an event calls `parkedEvent`.
    package final func park(until deadline: Instant) {
        state = .parked
        setDeadline(deadline)
    }

    /// Takes the waiter out of the timer wheel for good.
    package final func retire() {
        deadline = .distantFuture
        worker.timers.remove(self)
    }

    package final func setDeadline(_ deadline: Instant) {
        self.deadline = deadline
        if deadline < .distantFuture { worker.timers.schedule(self) }
    }

    /// Sleeps until an event or the deadline; false when the deadline has passed.
    @discardableResult
    package final func wait(until deadline: Instant) async -> Bool {
        if deadline <= worker.now { return false }
        setDeadline(deadline)
        state = .waiting
        // Safe: `wake` takes the continuation out before it resumes it, so it is resumed exactly once.
        unsafe await suspend { unsafe continuation = $0 }
        return worker.now < deadline
    }

    /// Something happened on one of the sockets.
    package final func wake() {
        switch state {
        case .running: break
        case .parked: parkedEvent()
        case .waiting: resume()
        }
    }

    final func timerFired() {
        switch state {
        case .running: break
        case .parked: parkedTimeout()
        case .waiting: resume()
        }
    }

    private func resume() {
        state = .running
        if let waiting = unsafe continuation {
            unsafe continuation = nil
            unsafe waiting.resume()
        }
    }
}

/// `withUnsafeContinuation` without its check, before the suspension, that the task is on its executor, which costs
/// two hundred instructions. A data-plane task never leaves its worker, and the check after the suspension stays.
@inline(__always)
func suspend(_ body: (UnsafeContinuation<Void, Never>) -> Void) async {
    unsafe await _unsafeInheritExecutor_withUnsafeContinuation(body)
}
