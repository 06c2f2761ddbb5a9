package import AyaTelemetry

/// The TCP sessions of one worker, as a list through the sessions themselves: what a drain waits for, and cuts when its
/// grace is over.
package final class RunningSessions {
    private var first: TCPSession?
    package private(set) var count = 0

    func add(_ session: TCPSession) {
        session.nextRunning = first
        first?.previousRunning = session
        first = session
        count += 1
    }

    func remove(_ session: TCPSession) {
        if let previous = session.previousRunning {
            previous.nextRunning = session.nextRunning
        } else {
            first = session.nextRunning
        }
        session.nextRunning?.previousRunning = session.previousRunning
        session.previousRunning = nil
        session.nextRunning = nil
        count -= 1
    }

    /// Cuts all that still run.
    package func cutAll(_ reason: Reason) {
        var next = first
        while let session = next {
            next = session.nextRunning
            session.cut(reason)
        }
    }
}
