package import AyaCore

/// Stops work on a server, or a whole pool, that fails, and tries it again with single pieces of work.
///
/// Closed, everything passes. Too many failures in a row, or too large a share of them, open it: nothing passes for a
/// while. Then it is half open: one trial passes, and its end decides. What began before it opened tells nothing about
/// the time since, so such ends are ignored.
package struct CircuitBreaker: Sendable {
    package struct Settings: Sendable {
        /// In a row.
        package var failures: Int
        /// Of `minRequests` at least, within ten seconds; nil: not looked at.
        package var errorRate: Double?
        package var minRequests: Int
        package var openFor: Interval

        package init(failures: Int, errorRate: Double? = nil, minRequests: Int = 20, openFor: Interval) {
            self.failures = max(1, failures)
            self.errorRate = errorRate
            self.minRequests = max(1, minRequests)
            self.openFor = openFor
        }
    }

    package enum State: Sendable, Equatable {
        /// Work passes and is watched.
        case closed
        /// Nothing passes before then.
        case open(until: Instant)
        /// One trial may begin.
        case halfOpen
        /// The trial runs; one that has not ended by then is taken for lost.
        case trial(until: Instant)
    }

    package private(set) var state = State.closed
    private let settings: Settings
    private var failuresInRow = 0
    /// Of the present five seconds and of those before.
    private var recent = Counts()
    private var before = Counts()
    private var recentEnds = Instant(nanoseconds: 0)

    private struct Counts {
        var all = 0
        var failed = 0
    }

    private static let halfWindow = Interval.seconds(5)

    package init(_ settings: Settings) { self.settings = settings }

    /// Whether work may begin at this time.
    package mutating func passes(now: Instant) -> Bool {
        switch state {
        case .closed, .halfOpen: return true
        case .open(let until), .trial(let until):
            if now < until { return false }
            state = .halfOpen
            return true
        }
    }

    /// How long it is until work may pass; for `Retry-After`.
    package func remaining(now: Instant) -> Interval {
        switch state {
        case .closed, .halfOpen: .zero
        case .open(let until), .trial(let until): max(.zero, until - now)
        }
    }

    /// Work that `passes` let through begins; true if it is the trial.
    @discardableResult
    package mutating func begin(now: Instant) -> Bool {
        guard case .halfOpen = state else { return false }
        state = .trial(until: now + settings.openFor)
        return true
    }

    /// Work ended well; true when that closed the breaker.
    @discardableResult
    package mutating func succeeded(now: Instant) -> Bool {
        switch state {
        case .closed:
            failuresInRow = 0
            note(failed: false, now: now)
            return false
        case .open: return false
        case .halfOpen, .trial:
            close()
            return true
        }
    }

    /// Work failed; true when that opened the breaker.
    @discardableResult
    package mutating func failed(now: Instant) -> Bool {
        switch state {
        case .closed:
            failuresInRow &+= 1
            note(failed: true, now: now)
            guard failuresInRow >= settings.failures || isRateTooHigh else { return false }
        case .open: return false
        case .halfOpen, .trial: break
        }
        state = .open(until: now + settings.openFor)
        return true
    }

    /// Work ended without telling anything about the server: if it was the trial, another may begin.
    package mutating func abandoned() {
        if case .trial = state { state = .halfOpen }
    }

    private mutating func close() {
        state = .closed
        failuresInRow = 0
        recent = Counts()
        before = Counts()
    }

    private mutating func note(failed: Bool, now: Instant) {
        guard settings.errorRate != nil else { return }
        if now >= recentEnds {
            before = now >= recentEnds + Self.halfWindow ? Counts() : recent
            recent = Counts()
            recentEnds = now + Self.halfWindow
        }
        recent.all &+= 1
        if failed { recent.failed &+= 1 }
    }

    private var isRateTooHigh: Bool {
        guard let limit = settings.errorRate else { return false }
        let all = recent.all &+ before.all
        return all >= settings.minRequests && Double(recent.failed &+ before.failed) >= limit * Double(all)
    }
}
