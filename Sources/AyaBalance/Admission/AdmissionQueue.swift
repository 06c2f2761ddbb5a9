package import AyaCore

/// The order in which exchanges that found a pool busy get their turn: the most critical first, bounded in number and
/// in time.
///
/// First come, first served is right while a queue absorbs bursts. Under lasting overload it makes everybody wait for
/// as long as anybody is willing to, and servers then work for clients that are about to give up. So the queue watches
/// its standing delay, as CoDel does (Nichols and Jacobson, 2012): while even the shortest wait of its oldest member
/// over an interval stays above the target, the newest of a class goes first, and the oldest sheddable members are
/// turned away. It holds positions; who waits at one, the caller knows.
package struct AdmissionQueue: Sendable {
    package struct Settings: Sendable {
        package var limit: Int
        package var timeout: Interval
        /// The standing delay that is still a burst.
        package var target: Interval
        package var interval: Interval

        package init(limit: Int, timeout: Interval, target: Interval? = nil, interval: Interval = .milliseconds(100)) {
            self.limit = max(0, limit)
            self.timeout = timeout
            self.target = target ?? Interval(nanoseconds: max(5_000_000, timeout.nanoseconds / 10))
            self.interval = interval
        }
    }

    /// What becomes of somebody who comes.
    package enum Entry: Sendable, Equatable {
        case queued(Int)
        /// In the place of somebody less critical, who must go.
        case displacing(Int)
        case full
    }

    private struct Member {
        var since: Instant
        var previous: Int32
        var next: Int32
        /// Nobody waits here when negative.
        var criticality: Int8
    }

    private struct Line {
        var oldest: Int32 = -1
        var newest: Int32 = -1
    }

    private var members: ContiguousArray<Member> = []
    private var free: ContiguousArray<Int32> = []
    private var lines = InlineArray<4, Line>(repeating: Line())
    package private(set) var count = 0
    package let settings: Settings
    /// The standing delay has been above the target for an interval.
    package private(set) var isOverloaded = false
    /// The shortest wait of the oldest member in the present interval.
    private var shortest = Interval(nanoseconds: .max)
    private var intervalEnds = Instant.distantFuture

    package init(_ settings: Settings) { self.settings = settings }

    package var isEmpty: Bool { count == 0 }

    /// - Parameter criticality: 0 for the most critical to 3 for what may be shed.
    package mutating func enter(criticality: Int, now: Instant) -> Entry {
        let line = min(max(criticality, 0), 3)
        if count == 0 {
            shortest = .zero
            intervalEnds = now + settings.interval
        }
        if count < settings.limit { return .queued(add(line, now)) }
        guard let victim = leastCritical(below: line) else { return .full }
        remove(victim)
        // The place that just became free is taken again, so the caller has one position to look at.
        return .displacing(add(line, now))
    }

    /// Who goes next; `leave` once there is a place.
    package mutating func head(now: Instant) -> Int? {
        guard count > 0 else { return nil }
        watch(now)
        for line in 0..<4 where lines[line].oldest >= 0 {
            return Int(isOverloaded ? lines[line].newest : lines[line].oldest)
        }
        return nil
    }

    /// Who goes next, and is no longer in the queue.
    package mutating func next(now: Instant) -> Int? {
        guard let member = head(now: now) else { return nil }
        leave(member)
        return member
    }

    /// Somebody sheddable who has waited for too long while the queue is overloaded, and is no longer in it. To be
    /// asked until it has no more.
    package mutating func shed(now: Instant) -> Int? {
        guard count > 0 else { return nil }
        watch(now)
        let oldest = Int(lines[3].oldest)
        guard isOverloaded, oldest >= 0, now - members[oldest].since > settings.target else { return nil }
        remove(oldest)
        if count == 0 { calm() }
        return oldest
    }

    /// Whoever waits at this position is no longer in the queue: it has a place, is out of time, or its client is gone.
    package mutating func leave(_ position: Int) {
        guard members.indices.contains(position), members[position].criticality >= 0 else { return }
        remove(position)
        if count == 0 { calm() }
    }

    /// When the member at this position has waited for long enough.
    package func deadline(_ position: Int) -> Instant { members[position].since + settings.timeout }

    /// How long the one who has waited longest has.
    package func delay(now: Instant) -> Interval {
        var longest = Interval.zero
        for line in 0..<4 where lines[line].oldest >= 0 {
            longest = max(longest, now - members[Int(lines[line].oldest)].since)
        }
        return longest
    }

    // MARK: the standing delay

    private mutating func watch(_ now: Instant) {
        shortest = min(shortest, delay(now: now))
        guard now >= intervalEnds else { return }
        isOverloaded = shortest > settings.target
        shortest = delay(now: now)
        intervalEnds = now + settings.interval
    }

    private mutating func calm() {
        isOverloaded = false
        shortest = .zero
    }

    // MARK: the lines

    /// The newest of the least critical line that comes behind `line`: it has waited least.
    private func leastCritical(below line: Int) -> Int? {
        var other = 3
        while other > line {
            if lines[other].newest >= 0 { return Int(lines[other].newest) }
            other -= 1
        }
        return nil
    }

    private mutating func add(_ line: Int, _ now: Instant) -> Int {
        let newest = lines[line].newest
        let member = Member(since: now, previous: newest, next: -1, criticality: Int8(truncatingIfNeeded: line))
        let position: Int32
        if let unused = free.popLast() {
            position = unused
            members[Int(unused)] = member
        } else {
            position = Int32(truncatingIfNeeded: members.count)
            members.append(member)
        }
        if newest >= 0 { members[Int(newest)].next = position } else { lines[line].oldest = position }
        lines[line].newest = position
        count += 1
        return Int(position)
    }

    private mutating func remove(_ position: Int) {
        let member = members[position]
        let line = Int(member.criticality)
        if member.previous >= 0 {
            members[Int(member.previous)].next = member.next
        } else {
            lines[line].oldest = member.next
        }
        if member.next >= 0 {
            members[Int(member.next)].previous = member.previous
        } else {
            lines[line].newest = member.previous
        }
        members[position].criticality = -1
        free.append(Int32(truncatingIfNeeded: position))
        count -= 1
    }
}
