internal import AyaCore
internal import AyaHTTP

/// What the one does who has the session.
extension SessionSimulation {
    mutating func actAsOwner() throws {
        if let debt = debts.popLast() {
            session.consume(debt.count, of: debt.stream, out)
            return try take(writtenFor: [])
        }
        if !model.isServer, dice.chance(0.4) {
            guard let stream = session.open() else { return }
            return try sayOwnHead(stream)
        }
        let id = dice.pick(model.open, or: 0)
        guard let stream = session.stream(id) else { return }
        switch dice.roll(12) {
        case 0 where dice.chance(0.3):
            session.reset(stream, .cancel, out)
            return try take(writtenFor: model.giveUp(id, .cancel))
        case 1 where dice.chance(0.1):
            session.goAway(out, last: dice.chance(0.5) ? nil : session.lastPeerStream)
            model.goneAway = session.goneAway
        case 2: session.ping(7, out)
        default:
            guard model.streams[id]?.ours == .speaking else { return try sayOwnHead(stream) }
            if dice.chance(0.15) { return try sayOwnHead(stream) }
            let count = min(session.allowance(stream), dice.roll(dice.chance(0.5) ? 100 : 20_000))
            let payload = Array(repeating: UInt8(ascii: "x"), count: count)
            session.sendData(stream, payload.span, ends: dice.chance(0.2), out)
        }
        try take(writtenFor: [])
    }

    /// A head, or trailers behind one.
    private mutating func sayOwnHead(_ stream: HTTP2Stream) throws {
        guard !stream.isEnded else { return }
        let isTrailers = model.streams[stream.id]?.ours == .speaking
        scratch.clear()
        session.encoder.begin(scratch)
        if !isTrailers { session.encoder.status(200, to: scratch) }
        let name = Array("x-own-\(dice.roll(9))".utf8)
        let value = Array("value \(dice.roll(20))".utf8)
        session.encoder.field(name.span, value.span, known: .other, to: scratch)
        unsafe session.sendHead(stream, scratch.unread.span, ends: isTrailers || dice.chance(0.3), out)
        try take(writtenFor: [])
    }
}
