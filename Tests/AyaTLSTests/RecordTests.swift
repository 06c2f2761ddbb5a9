internal import AyaTLS
internal import Testing

/// Records of TLS 1.3 that the connection seals and opens itself; the other end is one of ours too. Strangers stand in
/// the scenarios.
@Suite("Records (RFC 8446 section 5)")
struct RecordTests {
    private static let suites: [UInt16] = [0x1301, 0x1302, 0x1303]

    private static func with(_ suite: UInt16, _ body: (_ peer: Records, _ own: Records) throws -> Void) throws {
        let (peer, own) = try #require(RecordChecks.pair(suite: suite))
        defer {
            peer.free()
            own.free()
        }
        try body(peer, own)
    }

    /// The outcome for one record.
    private static func outcome(_ wire: [UInt8], _ records: Records, room: Int = 20_000) -> Records.Opened {
        var place = [UInt8](repeating: 0, count: room)
        return unsafe wire.withUnsafeBufferPointer { bytes in
            unsafe place.withUnsafeMutableBytes { unsafe records.open(bytes, into: $0).outcome }
        }
    }

    @Test("What one end seals the other opens, of every suite and size", arguments: suites)
    func roundTrip(suite: UInt16) throws {
        for inPlace in [false, true] {
            try Self.with(suite) { peer, own in
                var wire: [UInt8] = []
                var sealed: [UInt8] = []
                for size in [1, 2, 15, 16, 17, 1024, 16383, 16384] {
                    let content = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
                    wire += RecordChecks.seal(content, by: peer)
                    sealed += content
                }
                #expect(RecordChecks.open(wire, by: own, inPlace: inPlace) == sealed)
            }
        }
    }

    @Test("A changed bit anywhere is a fault, a record twice or out of turn too")
    func forged() throws {
        let record = { (peer: Records) in RecordChecks.seal([1, 2, 3], by: peer) }
        for index in 0..<25 {
            try Self.with(0x1301) { peer, own in
                var wire = record(peer)
                wire[index] ^= 1
                switch Self.outcome(wire, own) {
                case .fault: break
                case .partial: #expect(index == 3 || index == 4)
                case let other: Issue.record("\(other) at \(index)")
                }
            }
        }
        try Self.with(0x1302) { peer, own in
            let first = record(peer)
            #expect(Self.outcome(first, own) == .bytes(3))
            #expect(Self.outcome(first, own) == .fault(alert: 20))
        }
        try Self.with(0x1303) { peer, own in
            _ = record(peer)
            #expect(Self.outcome(record(peer), own) == .fault(alert: 20))
        }
    }

    @Test("Pieces are waited for, and room is asked for before anything happens")
    func pieces() throws {
        try Self.with(0x1301) { peer, own in
            let wire = RecordChecks.seal([1, 2, 3], by: peer)
            for count in 0..<wire.count { #expect(Self.outcome(Array(wire[..<count]), own) == .partial) }
            #expect(Self.outcome(wire, own, room: 3) == .noRoom)
            #expect(Self.outcome(wire, own, room: 4) == .bytes(3))
        }
    }

    @Test("Alerts: goodbye, one that is overlooked, and the others")
    func alerts() throws {
        for (alert, expected): ([UInt8], Records.Opened) in [
            ([1, 0], .end), ([1, 90], .nothing), ([2, 40], .broken), ([1], .fault(alert: 50)),
        ] {
            try Self.with(0x1301) { peer, own in
                #expect(Self.outcome(RecordChecks.seal(alert, type: 21, by: peer), own) == expected)
            }
        }
    }

    @Test("New keys: of the peer, and ours when it wants them, in one message or in two", arguments: suites)
    func keyUpdates(suite: UInt16) throws {
        for cut in [5, 2] {
            try Self.with(suite) { peer, own in
                let update: [UInt8] = [24, 0, 0, 1, 1]
                #expect(Self.outcome(RecordChecks.seal(Array(update[..<cut]), type: 22, by: peer), own) == .nothing)
                if cut < 5 {
                    let rest = RecordChecks.seal(Array(update[cut...]), type: 22, by: peer)
                    #expect(Self.outcome(rest, own) == .nothing)
                }
                // Tells of the new keys and uses them; the peer follows.
                let wire = RecordChecks.seal([7, 8, 9], by: own)
                #expect(RecordChecks.open(wire, by: peer, inPlace: false) == [7, 8, 9])
                #expect(RecordChecks.open(RecordChecks.seal([1], by: own), by: peer, inPlace: false) == [1])
                // What the peer's old keys seal is worth nothing any more.
                #expect(Self.outcome(RecordChecks.seal([1], by: peer), own) == .fault(alert: 20))
            }
        }
    }

    @Test("Nobody makes work without end, and nothing else than KeyUpdate is a message")
    func floods() throws {
        try Self.with(0x1301) { peer, own in
            for _ in 0..<32 { #expect(Self.outcome(RecordChecks.seal([], by: peer), own) == .nothing) }
            #expect(Self.outcome(RecordChecks.seal([], by: peer), own) == .fault(alert: 10))
        }
        for message: [UInt8] in [[], [1], [4, 0, 0, 1, 0], [24, 0, 0, 1, 0, 0], [24, 0, 0, 2, 0], [24, 0, 0, 1, 2]] {
            try Self.with(0x1301) { peer, own in
                guard case .fault = Self.outcome(RecordChecks.seal(message, type: 22, by: peer), own) else {
                    Issue.record("\(message) was taken")
                    return
                }
            }
        }
        // Nothing comes between the halves of a message; nothing is of another type.
        try Self.with(0x1301) { peer, own in
            #expect(Self.outcome(RecordChecks.seal([24, 0], type: 22, by: peer), own) == .nothing)
            #expect(Self.outcome(RecordChecks.seal([1], by: peer), own) == .fault(alert: 10))
        }
        try Self.with(0x1301) { peer, own in
            #expect(Self.outcome(RecordChecks.seal([1], type: 20, by: peer), own) == .fault(alert: 10))
        }
    }
}
