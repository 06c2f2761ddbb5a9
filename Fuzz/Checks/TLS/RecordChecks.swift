internal import AyaTLS

/// What must hold for whatever comes over a wire whose records are ours: nothing is taken for the peer's that it did not
/// seal, in the order in which it did.
enum RecordChecks {
    /// The first byte chooses suite and place; then each step is a byte and what it takes: a record of a type, its
    /// length and content, or bytes that are none.
    static func bytes(_ input: [UInt8]) {
        guard let choice = input.first, let (peer, own) = pair(suite: 0x1301 + UInt16(choice % 3)) else { return }
        defer {
            peer.free()
            own.free()
        }
        var wire: [UInt8] = []
        var sealed: [UInt8] = []
        var rest = input.dropFirst()
        while rest.count >= 2, let step = rest.popFirst(), let length = rest.popFirst() {
            let content = Array(rest.prefix(Int(length)))
            rest = rest.dropFirst(content.count)
            switch step % 5 {
            case 0: wire += content
            case 1: wire += seal(content, type: 21, by: peer)
            case 2: wire += seal(content, type: 22, by: peer)
            case 3: wire += seal(content, type: step, by: peer)
            default:
                wire += seal(content, type: 23, by: peer)
                sealed += content
            }
            if case 3 = step % 5, step == 23 { sealed += content }
        }
        let opened = open(wire, by: own, inPlace: choice & 0x80 != 0)
        precondition(sealed.starts(with: opened), "plaintext that nobody sealed")
    }

    /// Two ends of a connection.
    static func pair(suite: UInt16) -> (Records, Records)? {
        let size = suite == 0x1302 ? 48 : 32
        let (one, other) = ([UInt8](repeating: 1, count: size), [UInt8](repeating: 2, count: size))
        guard let first = Records(suite: suite, reading: one, writing: other) else { return nil }
        guard let second = Records(suite: suite, reading: other, writing: one) else { return nil }
        return (first, second)
    }

    static func seal(_ content: [UInt8], type: UInt8 = 23, by records: Records) -> [UInt8] {
        var place = [UInt8](repeating: 0, count: content.count + Records.overhead)
        let count = unsafe content.withUnsafeBufferPointer { bytes in
            unsafe place.withUnsafeMutableBytes { unsafe records.seal(bytes, type: type, into: $0) }
        }
        precondition(count > content.count && count <= place.count, "a record of another size")
        return Array(place.prefix(count))
    }

    /// The plaintext of one record after the other, until something else than a record comes.
    static func open(_ wire: [UInt8], by records: Records, inPlace: Bool) -> [UInt8] {
        var wire = wire
        var elsewhere = [UInt8](repeating: 0, count: Records.largest + 256)
        var plain: [UInt8] = []
        while true {
            let isWhole = unsafe wire.withUnsafeBufferPointer { unsafe Records.isWhole($0) }
            let (outcome, consumed) = unsafe wire.withUnsafeMutableBytes { bytes in
                let source = unsafe UnsafeBufferPointer(bytes.bindMemory(to: UInt8.self))
                guard inPlace, bytes.count > 5 else {
                    return unsafe elsewhere.withUnsafeMutableBytes { unsafe records.open(source, into: $0) }
                }
                return unsafe records.open(source, into: UnsafeMutableRawBufferPointer(rebasing: bytes[5...]))
            }
            switch outcome {
            case .bytes(let count):
                precondition(isWhole && count > 0 && count + 22 <= consumed && consumed <= wire.count, "too much")
                plain += inPlace ? wire[5..<5 + count] : elsewhere[..<count]
            case .nothing: precondition(isWhole && consumed > 0 && consumed <= wire.count, "nothing of nothing")
            case .partial:
                precondition(!isWhole, "a whole record is none")
                return plain
            case .end, .broken, .fault, .noRoom: return plain
            }
            wire.removeFirst(consumed)
        }
    }
}
