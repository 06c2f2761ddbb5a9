internal import AyaCore
internal import AyaHTTP

/// Random choices of what a peer says next, by one seed.
struct FrameDice {
    var random: RandomSource

    init(seed: UInt64) { random = RandomSource(seed: seed) }

    /// One of 0 up to below `count`.
    mutating func roll(_ count: Int) -> Int { Int(truncatingIfNeeded: random.next() >> 33) % max(1, count) }
    mutating func chance(_ probability: Double) -> Bool { Double(random.next() >> 11) * 0x1p-53 < probability }
    mutating func pick<Element>(_ choices: [Element], or other: Element) -> Element {
        choices.isEmpty ? other : choices[roll(choices.count)]
    }

    /// Mostly a stream that is open, nil without one; else one that is closed, idle, of the other side, or 0.
    mutating func stream(_ model: SessionModel, chaos: Double) -> UInt32? {
        if !chance(chaos) { return model.open.isEmpty ? nil : model.open[roll(model.open.count)] }
        switch roll(5) {
        case 0: return 0
        case 1: return idle(model) &+ UInt32(roll(3))
        case 2: return UInt32(roll(40))
        default: return pick(model.closed, or: idle(model))
        }
    }

    /// A number that the peer has not used.
    func idle(_ model: SessionModel) -> UInt32 {
        model.isServer ? model.lastOfPeer + (model.lastOfPeer == 0 ? 1 : 2) : 2
    }

    /// A frame as bytes.
    static func frame(_ type: UInt8, _ flags: UInt8, _ stream: UInt32, _ payload: [UInt8]) -> [UInt8] {
        let count = payload.count
        let header = [UInt8(count >> 16 & 255), UInt8(count >> 8 & 255), UInt8(count & 255), type, flags]
        return header + number(stream) + payload
    }

    static func frame(_ type: FrameType, _ flags: FrameFlags, _ stream: UInt32, _ payload: [UInt8]) -> [UInt8] {
        frame(type.rawValue, flags.rawValue, stream, payload)
    }

    static func number(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> UInt32(24 - 8 * $0) & 255) } }

    /// HEADERS with padding, priority and, where it may be, CONTINUATION as they fall.
    mutating func headers(_ stream: UInt32, _ block: [UInt8], ends: Bool, mayCut: Bool) -> [UInt8] {
        var flags: FrameFlags = ends ? .endStream : []
        var payload: [UInt8] = []
        let padding = chance(0.2) ? roll(40) : nil
        if let padding {
            flags.insert(.padded)
            payload.append(UInt8(padding))
        }
        if chance(0.2) {
            flags.insert(.priority)
            // On stream 0, which no stream is.
            payload += [0, 0, 0, 0, UInt8(roll(256))]
        }
        let pieces = mayCut && chance(0.2) ? 1 + roll(3) : 1
        let cuts = (1..<pieces).map { _ in roll(block.count + 1) }.sorted() + [block.count]
        var at = 0
        var bytes: [UInt8] = []
        for (index, cut) in cuts.enumerated() {
            let isLast = index == cuts.count - 1
            let piece = Array(block[at..<cut])
            if index == 0 {
                if isLast { flags.insert(.endHeaders) }
                let body = payload + piece + Array(repeating: 0, count: padding ?? 0)
                bytes += Self.frame(.headers, flags, stream, body)
            } else {
                bytes += Self.frame(.continuation, isLast ? .endHeaders : [], stream, piece)
            }
            at = cut
        }
        return bytes
    }

    /// Parameters of SETTINGS; some out of their bounds, as chaos has it.
    mutating func settings(chaos: Double) -> [(UInt16, UInt32)] {
        (0..<roll(4)).map { _ in
            if chance(chaos) {
                let bad: [(UInt16, UInt32)] = [
                    (2, 1), (2, 2), (4, 0x8000_0000), (5, 100), (5, 1 << 24), (8, 0), (8, 2), (9, 7),
                ]
                return pick(bad, or: (2, 2))
            }
            switch roll(7) {
            case 0: return (1, UInt32(pick([0, 64, 200, 4096, 65536], or: 0)))
            case 1: return (2, 0)
            case 2: return (3, UInt32(2 + roll(6)))
            case 3: return (4, UInt32(pick([0, 1, 100, 3000, 65535, 100_000], or: 0)))
            case 4: return (5, UInt32(pick([16384, 20000, 16_777_215], or: 16384)))
            case 5: return (6, UInt32(roll(100_000)))
            default: return (UInt16(10 + roll(1000)), UInt32(roll(1 << 30)))
            }
        }
    }

    /// Most are harmless, some are too many or none.
    mutating func increment(chaos: Double) -> Int {
        if chance(chaos) { return pick([0, 0x7fff_ffff, 0x7fff_0000], or: 0) }
        return 1 + roll(chance(0.5) ? 200 : 50_000)
    }
}
