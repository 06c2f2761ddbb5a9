internal import AyaHTTP

/// What RFC 9113 says of a connection, written down a second time and without regard to how the session does it: the
/// states of section 5.1, the windows of section 6.9, and what each frame of the peer's must lead to.
struct SessionModel {
    /// What one side has said on a stream.
    enum Half: Equatable { case silent, speaking, ended }

    /// How a stream ended.
    enum Fate: Equatable {
        case open
        case done
        case resetByPeer
        /// By us; what was under way may still come.
        case givenUp
        /// By us, and the peer has said its last word since.
        case settled
    }

    struct Stream {
        var theirs = Half.silent
        var ours = Half.silent
        var fate = Fate.open
        var sendWindow: Int
        var receiveWindow: Int
        /// Bytes of the peer's body that its `content-length` still promises.
        var promised: Int?
    }

    /// What a frame of the peer's may lead to.
    enum Verdict: Equatable {
        case nothing
        case head(UInt32, ends: Bool)
        case data(UInt32, ends: Bool)
        case trailers(UInt32)
        case window(UInt32)
        case reset(UInt32)
        case settings, pong, goAway
        case priority(UInt32)
        /// RST_STREAM with REFUSED_STREAM, and nobody is told.
        case refused(UInt32)
        /// A stream error (section 5.4.2).
        case streamError(UInt32, HTTP2Code)
        /// A connection error (section 5.4.1).
        case connectionError(HTTP2Code)
    }

    let isServer: Bool
    let limits: HTTP2Limits
    var streams: [UInt32: Stream] = [:]
    var peer = HTTP2Settings()
    var sendWindow = 65535
    var receiveWindow = 65535
    var lastOfPeer: UInt32 = 0
    var nextOfOurs: UInt32 = 1
    /// The last stream of our GOAWAY.
    var goneAway: UInt32?
    var peerIsGone = false

    init(isServer: Bool, limits: HTTP2Limits) {
        self.isServer = isServer
        self.limits = limits
    }

    var open: [UInt32] { streams.filter { $0.value.fate == .open }.keys.sorted() }
    var closed: [UInt32] { streams.filter { $0.value.fate != .open }.keys.sorted() }

    func isIdle(_ id: UInt32) -> Bool { (id % 2 == 1) == isServer ? id > lastOfPeer : id >= nextOfOurs }

    // MARK: what the peer sends

    /// Section 5.1, "closed": frames behind the end of a stream.
    private func behindTheEnd(_ id: UInt32) -> [Verdict] {
        switch streams[id]?.fate {
        case .givenUp: streams[id]?.theirs == .ended ? [.nothing, .connectionError(.streamClosed)] : [.nothing]
        case nil, .open, .done, .resetByPeer, .settled:
            [.connectionError(.streamClosed), .streamError(id, .streamClosed)]
        }
    }

    private mutating func noteLastWord(_ id: UInt32) {
        if streams[id]?.fate == .givenUp { streams[id]?.fate = .settled }
    }

    /// Section 6.1. `size` is the frame's whole length, `payload` without the padding.
    mutating func data(_ id: UInt32, size: Int, payload: Int, ends: Bool) -> [Verdict] {
        if id == 0 { return [.connectionError(.protocolError)] }
        receiveWindow -= size
        if receiveWindow < 0 { return [.connectionError(.flowControlError)] }
        guard var stream = streams[id], stream.fate == .open else {
            if isIdle(id) { return [.connectionError(.protocolError)] }
            defer { if ends { noteLastWord(id) } }
            return behindTheEnd(id)
        }
        if stream.theirs == .ended { return giveUp(id, .streamClosed) }
        if stream.theirs == .silent { return giveUp(id, .protocolError) }
        stream.receiveWindow -= size
        if stream.receiveWindow < 0 { return giveUp(id, .flowControlError) }
        if let promised = stream.promised {
            if payload > promised || ends && payload < promised { return giveUp(id, .protocolError) }
            stream.promised = promised - payload
        }
        streams[id] = stream
        if ends { peerEnded(id) }
        return [.data(id, ends: ends)]
    }

    /// A whole block of fields on the peer's side of a stream (section 8.1).
    mutating func headers(_ id: UInt32, ends: Bool, startsWithPseudo: Bool) -> [Verdict] {
        if id == 0 { return [.connectionError(.protocolError)] }
        if let stream = streams[id], stream.fate == .open {
            switch stream.theirs {
            case .ended: return giveUp(id, .streamClosed)
            case .silent: return [.head(id, ends: ends)]
            case .speaking: break
            }
            if !ends || (stream.promised ?? 0) > 0 { return giveUp(id, .protocolError) }
            peerEnded(id)
            return [.trailers(id)]
        }
        if !isIdle(id) {
            // A second head is nothing that could have been under way.
            if isServer, startsWithPseudo, streams[id]?.fate == .givenUp {
                return [.connectionError(.protocolError), .connectionError(.streamClosed)]
            }
            defer { if ends { noteLastWord(id) } }
            return behindTheEnd(id)
        }
        guard isServer, id % 2 == 1 else { return [.connectionError(.protocolError)] }
        // Section 5.1.1: with it, all streams below that were never begun are closed.
        lastOfPeer = id
        var stream = Stream(sendWindow: peer.initialWindow, receiveWindow: limits.streamWindow)
        stream.theirs = ends ? .ended : .speaking
        if let goneAway, id > goneAway {
            stream.fate = .givenUp
            streams[id] = stream
            return [.nothing]
        }
        if open.count >= limits.maxConcurrentStreams {
            stream.fate = .givenUp
            streams[id] = stream
            return [.refused(id)]
        }
        streams[id] = stream
        return [.head(id, ends: ends)]
    }

    /// The owner has understood a head.
    mutating func accepted(_ id: UInt32, isFinal: Bool, ends: Bool, length: Int?) {
        guard isFinal else { return }
        streams[id]?.theirs = .speaking
        streams[id]?.promised = length
        if ends { peerEnded(id) }
    }

    /// Section 6.4.
    mutating func reset(_ id: UInt32, size: Int) -> [Verdict] {
        if id == 0 { return [.connectionError(.protocolError)] }
        if size != 4 { return [.connectionError(.frameSizeError)] }
        if isIdle(id) { return [.connectionError(.protocolError)] }
        guard streams[id]?.fate == .open else {
            noteLastWord(id)
            return [.nothing]
        }
        streams[id]?.fate = .resetByPeer
        return [.reset(id)]
    }

    /// Section 6.9.
    mutating func windowUpdate(_ id: UInt32, by increment: Int) -> [Verdict] {
        if id == 0 {
            if increment == 0 { return [.connectionError(.protocolError)] }
            sendWindow += increment
            return sendWindow > 0x7fff_ffff ? [.connectionError(.flowControlError)] : [.window(0)]
        }
        if isIdle(id) { return [.connectionError(.protocolError)] }
        guard var stream = streams[id], stream.fate == .open else { return [.nothing] }
        if increment == 0 { return giveUp(id, .protocolError) }
        stream.sendWindow += increment
        streams[id] = stream
        return stream.sendWindow > 0x7fff_ffff ? giveUp(id, .flowControlError) : [.window(id)]
    }

    /// Section 6.5, and 6.9.2 for what it does to windows.
    mutating func settings(_ values: [(UInt16, UInt32)]) -> [Verdict] {
        let before = peer.initialWindow
        for (identifier, value) in values {
            switch identifier {
            case 1: peer.headerTableSize = Int(value)
            case 2:
                // Section 7: no server asks to be pushed to.
                if value > 1 || value == 1 && !isServer { return [.connectionError(.protocolError)] }
                peer.enablePush = value == 1
            case 3: peer.maxConcurrentStreams = Int(value)
            case 4:
                if value > 0x7fff_ffff { return [.connectionError(.flowControlError)] }
                peer.initialWindow = Int(value)
            case 5:
                if value < 16384 || value > 16_777_215 { return [.connectionError(.protocolError)] }
                peer.maxFrameSize = Int(value)
            case 6: peer.maxHeaderListSize = Int(value)
            case 8:
                if value > 1 || value == 0 && peer.enableConnectProtocol { return [.connectionError(.protocolError)] }
                peer.enableConnectProtocol = value == 1
            case 9: if value > 1 { return [.connectionError(.protocolError)] }
            default: break
            }
        }
        for id in open {
            streams[id]?.sendWindow += peer.initialWindow - before
            if streams[id]?.sendWindow ?? 0 > 0x7fff_ffff { return [.connectionError(.flowControlError)] }
        }
        return [.settings]
    }

    /// Section 6.3: a stream error, which may be taken for one of the connection (section 5.4.1).
    mutating func badPriority(_ id: UInt32, _ code: HTTP2Code) -> [Verdict] {
        if id == 0 { return [.connectionError(.protocolError)] }
        let isOpen = streams[id]?.fate == .open
        return isOpen ? giveUp(id, code) : [.connectionError(code), .streamError(id, code), .nothing]
    }

    private mutating func peerEnded(_ id: UInt32) {
        streams[id]?.theirs = .ended
        if streams[id]?.ours == .ended { streams[id]?.fate = .done }
    }

    /// A stream error: we answer with RST_STREAM.
    mutating func giveUp(_ id: UInt32, _ code: HTTP2Code) -> [Verdict] {
        streams[id]?.fate = .givenUp
        return [.streamError(id, code)]
    }

    // MARK: what we send

    /// Takes what the session has written; nil, or which rule it breaks.
    mutating func sent(_ frame: SessionUnderTest.Frame, by reason: Set<UInt32>) -> String? {
        let id = frame.stream
        let ends = frame.flags & 1 != 0
        switch FrameType(rawValue: frame.type) {
        case .headers:
            if !isServer, id == nextOfOurs {
                streams[id] = Stream(sendWindow: peer.initialWindow, receiveWindow: limits.streamWindow)
                nextOfOurs += 2
                if peerIsGone { return "a stream was begun behind a GOAWAY" }
                if open.count > peer.maxConcurrentStreams { return "more streams than the peer bears" }
            }
            guard streams[id]?.fate == .open, streams[id]?.ours != .ended else { return "HEADERS where none may be" }
            streams[id]?.ours = .speaking
            if ends { weEnded(id) }
        case .data:
            guard streams[id]?.fate == .open, streams[id]?.ours == .speaking else { return "DATA where none may be" }
            sendWindow -= frame.payload.count
            streams[id]?.sendWindow -= frame.payload.count
            if !frame.payload.isEmpty, sendWindow < 0 || (streams[id]?.sendWindow ?? 0) < 0 {
                return "more than the window"
            }
            if frame.payload.count > peer.maxFrameSize { return "a longer frame than the peer takes" }
            if ends { weEnded(id) }
        case .resetStream:
            guard reason.contains(id) else { return "RST_STREAM for no reason" }
        case .windowUpdate:
            let increment = frame.payload.reduce(0) { $0 << 8 | Int($1) }
            if increment <= 0 { return "a window is opened by nothing" }
            if id == 0 {
                receiveWindow += increment
                if receiveWindow > limits.connectionWindow { return "the connection's window is beyond its limit" }
            } else {
                guard streams[id]?.fate == .open, streams[id]?.theirs != .ended else {
                    return "the window of a stream that is over is opened"
                }
                streams[id]?.receiveWindow += increment
                if streams[id]?.receiveWindow ?? 0 > limits.streamWindow { return "a window is beyond its limit" }
            }
        case .goAway, .settings, .ping, .continuation: break
        case .priority, .pushPromise, .priorityUpdate, nil: return "a frame that nobody expects"
        }
        return nil
    }

    private mutating func weEnded(_ id: UInt32) {
        streams[id]?.ours = .ended
        if streams[id]?.theirs == .ended { streams[id]?.fate = .done }
    }
}
