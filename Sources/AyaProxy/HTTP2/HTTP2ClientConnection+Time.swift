internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTelemetry

/// What happens to a client's connection because time passes, or because Aya stops.
extension HTTP2ClientConnection {
    /// How often the connection looks at the clock.
    var tick: Interval {
        let timeouts = listener.timeouts
        let least = min(timeouts.header, timeouts.idle, timeouts.body, .seconds(10))
        return max(.milliseconds(20), Interval(nanoseconds: least.nanoseconds / 2))
    }

    /// Without a word for that long while streams are open, the client is asked whether it is there.
    private static let silence = Interval.seconds(45)

    func look() {
        let now = worker.now
        switch phase {
        case .closed: return
        case .lingering: return close()
        case .open: break
        }
        if !socket.isOpen { return close() }
        let timeouts = listener.timeouts
        if out != nil, now - progressed > timeouts.body {
            record(.bodyTimeout)
            socket.reset()
            return close()
        }
        if let asked, now - asked > .seconds(15) {
            record(.clientGone)
            return close()
        }
        if input != nil || !session.hasPeerSettings, now - heard > timeouts.header {
            record(.headerTimeout)
            return goAway()
        }
        if let drainBegan, session.goneAway == 0x7fff_ffff, now - drainBegan >= .seconds(1) {
            session.goAway(output(), last: session.lastPeerStream)
            scheduleFlush()
            closeIfIdle()
        }
        endAnsweredStreams()
        if session.streamCount == 0, now - max(idleSince, heard) > timeouts.idle { return goAway() }
        if session.streamCount > 0, asked == nil, now - heard > Self.silence {
            asked = now
            session.ping(UInt64(bitPattern: now.nanoseconds), output())
            scheduleFlush()
        }
        if case .open = phase { setDeadline(now + (drainBegan == nil ? tick : min(tick, .milliseconds(250)))) }
    }

    /// Streams whose requests are answered and still go on: nobody reads them.
    private func endAnsweredStreams() {
        var answered: [HTTP2Stream] = []
        session.forEachStream { if $0.isEnded, $0.owner == nil { answered.append($0) } }
        for stream in answered { reset(stream, .noError) }
        if !answered.isEmpty { settleIdle() }
    }

    private func goAway() {
        session.goAway(output(), last: session.lastPeerStream)
        closeGently()
    }

    /// RFC 9113 section 6.8: first that no more streams are welcome, a moment later which were the last.
    func beginDrain() {
        guard listener.isDraining, case .open = phase, drainBegan == nil else { return }
        drainBegan = worker.now
        if session.streamCount == 0, busyLanes == 0 { return goAway() }
        session.goAway(output())
        scheduleFlush()
        setDeadline(worker.now + min(tick, .milliseconds(250)))
    }
}
