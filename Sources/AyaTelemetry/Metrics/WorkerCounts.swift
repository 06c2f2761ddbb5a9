/// How a worker's loop itself is doing.
package struct WorkerCounts: Counts {
    /// Returns of `epoll_wait`.
    package var loopTurns: UInt64 = 0
    /// Times another thread woke the worker through its mailbox.
    package var wakeups: UInt64 = 0
    /// Readiness events handled.
    package var events: UInt64 = 0
    package var tasksRunning = 0
    package var buffersInUse = 0
    /// Time from one wait's return to the next wait: how long a ready connection may wait for others.
    package var loopLag = Histogram()

    package init() {}

    package mutating func add(_ other: WorkerCounts) {
        loopTurns &+= other.loopTurns
        wakeups &+= other.wakeups
        events &+= other.events
        tasksRunning &+= other.tasksRunning
        buffersInUse &+= other.buffersInUse
        loopLag.add(other.loopLag)
    }
}
