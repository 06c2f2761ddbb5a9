internal import AyaCore
internal import AyaHTTP

/// What the peer does.
extension SessionSimulation {
    mutating func actAsPeer() throws {
        switch dice.roll(20) {
        case 0...4: try sayHead()
        case 5...9: try sayData()
        case 10: try sayReset()
        case 11...13: try sayWindow()
        case 14: try saySettings()
        case 15: try sayPing()
        case 16: try sayPriority()
        case 17:
            let (type, flags) = (UInt8(17 + dice.roll(200)), UInt8(dice.roll(256)))
            try say(FrameDice.frame(type, flags, UInt32(dice.roll(9)), [1]), [.nothing])
        case 18 where dice.chance(0.1): try sayGoAway()
        default: if dice.chance(chaos) { try sayNonsense() }
        }
    }

    private mutating func sayHead() throws {
        let isNew = model.isServer && dice.chance(0.5)
        let new = dice.idle(model) &+ UInt32(2 * dice.roll(3))
        guard let id = isNew ? new : dice.stream(model, chaos: chaos) else { return }
        let half = model.streams[id]?.theirs ?? .silent
        let isHead = half == .silent || dice.chance(chaos)
        // Trailers must end their stream; heads may.
        let ends = dice.chance(isHead ? 0.3 : 1 - chaos)
        let isInterim = !model.isServer && isHead && !ends && dice.chance(0.3)
        var fields: [(String, String)] = []
        if isHead { fields.append(model.isServer ? (":method", "PUT") : (":status", isInterim ? "103" : "200")) }
        for _ in 0..<dice.roll(3) { fields.append(("x-\(dice.roll(5))", String(repeating: "v", count: dice.roll(30)))) }
        if dice.chance(chaos) { fields.append(("x-long", String(repeating: "l", count: limits.headerList))) }
        let block = encode(fields)
        if block.count > limits.headerBlock, dice.chance(0.5) { return try sayEndlessHead(id, block) }
        let bytes = dice.headers(id, block, ends: ends, mayCut: block.count <= limits.headerBlock)
        try say(bytes, model.headers(id, ends: ends, startsWithPseudo: isHead), fields: fields)
        guard !hasEnded, isHead, let stream = session.stream(id), model.streams[id]?.fate == .open, half == .silent
        else { return }
        // The owner reads it: a head that means nothing is refused, others may promise a length.
        if dice.chance(chaos) || ends && isInterim {
            let event = session.refuse(stream, HTTP2Fault(.protocolError, "a head"), out)
            guard case .reset = event else { throw fail("a refused head did not reset its stream") }
            try take(writtenFor: model.giveUp(id, .protocolError))
        } else {
            let length = ends || !dice.chance(0.3) ? nil : dice.roll(3000)
            session.accept(stream, length: length.map { UInt64($0) }, isFinal: !isInterim)
            model.accepted(id, isFinal: !isInterim, ends: ends, length: length)
        }
    }

    /// More than is borne of one block.
    private mutating func sayEndlessHead(_ id: UInt32, _ block: [UInt8]) throws {
        guard id != 0 else { return }
        let half = block.count / 2
        let bytes =
            FrameDice.frame(.headers, [], id, Array(block[..<half]))
            + FrameDice.frame(.continuation, .endHeaders, id, Array(block[half...]))
        try say(bytes, [.connectionError(.enhanceYourCalm)])
    }

    private mutating func sayData() throws {
        guard let id = dice.stream(model, chaos: chaos) else { return }
        let stream = model.streams[id]
        let isOver = dice.chance(chaos)
        let room = min(model.receiveWindow, stream?.receiveWindow ?? 1000, isOver ? 16000 : stream?.promised ?? 16000)
        let payload = max(0, min(room - 64, dice.chance(0.3) ? 16000 : dice.roll(600)))
        let remaining = (stream?.promised ?? payload) - payload
        let ends = remaining == 0 ? dice.chance(0.3) : dice.chance(chaos)
        let padding = dice.chance(0.2) ? dice.roll(60) : nil
        var bytes = padding.map { [UInt8($0)] } ?? []
        bytes += Array(repeating: UInt8(ascii: "d"), count: payload)
        bytes += Array(repeating: 0, count: padding ?? 0)
        var flags: FrameFlags = ends ? .endStream : []
        if padding != nil { flags.insert(.padded) }
        try say(
            FrameDice.frame(.data, flags, id, bytes),
            model.data(id, size: bytes.count, payload: payload, ends: ends), payload: payload)
    }

    private mutating func sayReset() throws {
        guard let id = dice.stream(model, chaos: chaos) else { return }
        let size = dice.chance(chaos) ? dice.roll(8) : 4
        let payload = Array(repeating: UInt8(0), count: size)
        try say(FrameDice.frame(.resetStream, [], id, payload), model.reset(id, size: size))
    }

    private mutating func sayWindow() throws {
        guard let id = dice.chance(0.4) ? 0 : dice.stream(model, chaos: chaos) else { return }
        let increment = dice.increment(chaos: chaos)
        let bytes = FrameDice.frame(.windowUpdate, [], id, FrameDice.number(UInt32(increment)))
        try say(bytes, model.windowUpdate(id, by: increment))
    }

    private mutating func saySettings() throws {
        if dice.chance(0.3) { return try say(FrameDice.frame(.settings, .acknowledgement, 0, []), [.nothing]) }
        let values = dice.settings(chaos: chaos)
        let payload = values.flatMap { [UInt8($0.0 >> 8), UInt8($0.0 & 255)] + FrameDice.number($0.1) }
        let verdict = model.settings(values)
        expectedAcknowledgements += verdict == [.settings] ? 1 : 0
        try say(FrameDice.frame(.settings, [], 0, payload), verdict)
    }

    private mutating func sayPing() throws {
        let payload = (0..<8).map { _ in UInt8(dice.roll(256)) }
        let isAnswer = dice.chance(0.3)
        if !isAnswer { expectedPongs.append(payload) }
        try say(FrameDice.frame(.ping, isAnswer ? .acknowledgement : [], 0, payload), [isAnswer ? .pong : .nothing])
    }

    private mutating func sayPriority() throws {
        guard let id = dice.stream(model, chaos: chaos) else { return }
        if dice.chance(model.isServer ? 0.5 : chaos) {
            let text = Array("u=\(dice.roll(9)), i".utf8)
            let bytes = FrameDice.frame(.priorityUpdate, [], 0, FrameDice.number(id) + text)
            if !model.isServer || id == 0 { return try say(bytes, [.connectionError(.protocolError)]) }
            return try say(bytes, model.streams[id]?.fate == .open ? [.priority(id)] : [.nothing])
        }
        let isLooped = dice.chance(chaos)
        let size = dice.chance(chaos) ? 4 : 5
        let bytes = FrameDice.frame(.priority, [], id, Array((FrameDice.number(isLooped ? id : 0) + [9])[..<size]))
        if size != 5 { return try say(bytes, model.badPriority(id, .frameSizeError)) }
        if id == 0 || isLooped { return try say(bytes, model.badPriority(id, .protocolError)) }
        try say(bytes, [.nothing])
    }

    private mutating func sayGoAway() throws {
        model.peerIsGone = true
        try say(FrameDice.frame(.goAway, [], 0, FrameDice.number(0x7fff_ffff) + FrameDice.number(0)), [.goAway])
    }

    /// What ends a connection, whatever its state.
    private mutating func sayNonsense() throws {
        let id = dice.stream(model, chaos: chaos) ?? 1
        let (bytes, code): ([UInt8], HTTP2Code) =
            switch dice.roll(9) {
            case 0: (FrameDice.frame(.settings, [], id | 1, []), .protocolError)
            case 1: (FrameDice.frame(.settings, [], 0, [1]), .frameSizeError)
            case 2: (FrameDice.frame(.settings, .acknowledgement, 0, Array(repeating: 0, count: 6)), .frameSizeError)
            case 3: (FrameDice.frame(.ping, [], 0, [1, 2, 3]), .frameSizeError)
            case 4: (FrameDice.frame(.pushPromise, .endHeaders, id, [0, 0, 0, 2, 0x82]), .protocolError)
            case 5: (FrameDice.frame(.continuation, .endHeaders, id, [0x82]), .protocolError)
            case 6: ([0, 0x40, 1, 0, 0] + FrameDice.number(id), .frameSizeError)
            case 7: (FrameDice.frame(.headers, .endHeaders, id | 1, [0xff, 0xff, 0xff]), .compressionError)
            default:
                (FrameDice.frame(.headers, [], id | 1, []) + FrameDice.frame(.settings, [], 0, []), .protocolError)
            }
        try say(bytes, [.connectionError(code)])
    }

    private func encode(_ fields: [(String, String)]) -> [UInt8] {
        scratch.clear()
        peerEncoder.begin(scratch)
        for (name, value) in fields {
            let name = Array(name.utf8)
            peerEncoder.field(name.span, Array(value.utf8).span, known: FieldName(name.span), to: scratch)
        }
        return bytes(scratch)
    }
}
