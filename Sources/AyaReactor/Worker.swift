package import AyaCore
internal import CAyaSystem

/// One thread of the data plane: its loop, sockets, timers, buffers and tasks. Nothing of it is shared.
///
/// A turn of the loop waits for events, reads the clock once, tells sockets and timers, and then takes the steps and
/// runs the tasks that became ready.
package final class Worker {
    package let index: Int
    package let executor: WorkerExecutor
    package let buffers = BufferPool()
    package let pipes = PipePool()
    package let timers: TimerWheel
    package let tasks: TaskPool
    /// Waiters whose step is due.
    var steps = StepQueue()
    package var random: RandomSource
    /// The monotonic time of this turn.
    package private(set) var now: Instant
    /// Turns of the loop and events in them, since the start.
    package private(set) var turns: UInt64 = 0
    package private(set) var events: UInt64 = 0

    private let epoll: Int32
    private var sockets = SocketTable()
    private var isStopping = false
    private var turnEndWork: [any TurnEndWork] = []
    private var deferred: [Waiter] = []
    private var housekeepers: [any Housekeeper] = []
    private var nextHousekeeping: Instant
    /// Wall clock minus monotonic clock, in nanoseconds.
    private var wallOffset: Int64 = 0

    init(index: Int, executor: WorkerExecutor) throws(SystemError) {
        let epoll = aya_epoll_create()
        guard epoll >= 0 else { throw SystemError(code: -epoll) }
        self.epoll = epoll
        self.index = index
        self.executor = executor
        now = Instant(nanoseconds: aya_monotonic_nanoseconds())
        nextHousekeeping = now
        timers = TimerWheel(now: now)
        tasks = TaskPool(executor: executor)
        random = RandomSource(seed: aya_random_seed())
        executor.adopt()
        let code = aya_epoll_add_reader(epoll, executor.wakeDescriptor, SocketTable.mailboxToken)
        guard code >= 0 else { throw SystemError(code: -code) }
    }

    deinit { _ = aya_close(epoll) }

    /// The wall clock in nanoseconds since 1970, for logs; never for deadlines.
    package var wallClock: Int64 { now.nanoseconds &+ wallOffset }

    /// Reads the clock again, for the few places that must know how long a turn has taken.
    package func refreshClock() { now = Instant(nanoseconds: aya_monotonic_nanoseconds()) }

    /// Runs the loop until `stop`.
    func run() {
        unsafe withUnsafeTemporaryAllocation(of: aya_event.self, capacity: 256) { buffer in
            while !isStopping { unsafe turn(buffer) }
        }
        for target in sockets.targets { target.close() }
    }

    /// Ends the loop after this turn.
    package func stop() { isStopping = true }

    private func turn(_ buffer: UnsafeMutableBufferPointer<aya_event>) {
        let count = unsafe Int(aya_epoll_wait(epoll, buffer.baseAddress, 256, sleepLimit()))
        refreshClock()
        turns &+= 1
        if count > 0 {
            events &+= UInt64(count)
            for index in 0..<count { unsafe dispatch(buffer[index]) }
        }
        wakeDeferred()
        timers.advance(to: now)
        work()
        finishTurn()
        if now >= nextHousekeeping { keepHouse() }
    }

    /// Takes the steps and runs the tasks that are ready, and those that they make ready. What a step hands to a task
    /// goes on at once, while the processor's caches still hold what the step has read.
    private func work() {
        executor.runJobs()
        while let waiter = steps.popFirst() {
            waiter.step()
            if executor.hasJobs { executor.runJobs() }
        }
    }

    private func dispatch(_ event: aya_event) {
        if event.token == SocketTable.mailboxToken {
            executor.collectMail(for: self)
        } else {
            sockets.member(event.token)?.event(event.bits)
        }
    }

    private func sleepLimit() -> Int32 {
        if executor.hasJobs || !steps.isEmpty || !deferred.isEmpty || !turnEndWork.isEmpty { return 0 }
        let housekeeping = max(0, (nextHousekeeping - now).nanoseconds / 1_000_000 + 1)
        return Int32(clamping: min(Int64(timers.sleepLimit(now: now) ?? .max), housekeeping))
    }

    // MARK: what a turn ends with

    /// Has `flush` called once when this turn's tasks have run: the place to send what they gathered in one call.
    package func atTurnEnd(_ work: any TurnEndWork) { turnEndWork.append(work) }

    /// Wakes the waiter in the next turn, after everybody else had theirs.
    package func wakeNextTurn(_ waiter: Waiter) { deferred.append(waiter) }

    private func wakeDeferred() {
        guard !deferred.isEmpty else { return }
        let waiters = deferred
        deferred.removeAll(keepingCapacity: true)
        for waiter in waiters { waiter.wake() }
    }

    private func finishTurn() {
        guard !turnEndWork.isEmpty else { return }
        let work = turnEndWork
        turnEndWork.removeAll(keepingCapacity: true)
        for item in work { item.flush() }
    }

    /// Has `keepHouse` called about once a second.
    package func addHousekeeper(_ housekeeper: any Housekeeper) { housekeepers.append(housekeeper) }

    private func keepHouse() {
        nextHousekeeping = now + .seconds(1)
        wallOffset = aya_wall_nanoseconds() &- now.nanoseconds
        tasks.trim()
        buffers.trim()
        pipes.trim()
        for housekeeper in housekeepers { housekeeper.keepHouse() }
        work()
    }

    // MARK: sockets

    /// Tells everybody who has a socket here that no new work is taken.
    package func drainSockets() {
        for waiter in sockets.waiters { waiter.drain() }
    }

    func watch(_ socket: Socket) {
        socket.slot = sockets.insert(socket)
        _ = aya_epoll_add(epoll, socket.descriptor, sockets.token(socket.slot))
    }

    /// Watches for reading only: listening sockets and datagram sockets. Returns the slot for `forget`.
    func watchReader(_ descriptor: Int32, _ target: any EventTarget) -> Int {
        let slot = sockets.insert(target)
        _ = aya_epoll_add_reader(epoll, descriptor, sockets.token(slot))
        return slot
    }

    /// The same, told again in every turn while there is something to read: for a socket that is read once an event.
    func watchLevelReader(_ descriptor: Int32, _ target: any EventTarget) -> Int {
        let slot = sockets.insert(target)
        _ = aya_epoll_add_level_reader(epoll, descriptor, sockets.token(slot))
        return slot
    }

    /// Resets every connection that is left and wakes whoever waits on one: tasks end by the failure they meet.
    package func breakOff() {
        for case let socket as Socket in sockets.targets {
            let waiter = socket.waiter
            socket.reset()
            waiter?.wake()
        }
    }

    /// Stops events; the kernel drops the descriptor from the set when it is closed.
    func forget(slot: Int) { sockets.remove(slot) }
}

/// Something that gathers output during a turn and sends it at its end.
package protocol TurnEndWork: AnyObject {
    func flush()
}

/// Something that tidies up once a second.
package protocol Housekeeper: AnyObject {
    func keepHouse()
}
