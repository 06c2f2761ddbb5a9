package import AyaCore

/// Strings in the Huffman code of RFC 7541 section 5.2.
///
/// Decoding walks a table of states, four bits at a step: no code is shorter than five, so a step yields one byte at
/// most, and a string costs two loads a byte whatever its bits are.
@safe package final class HuffmanTable: @unchecked Sendable {
    // Safe: 256 states of 16 steps each, filled by init and never changed; each access is masked into them.
    private let steps: UnsafeMutablePointer<UInt32>

    /// A step: the next state, and what happens.
    private static var yields: UInt32 { 0x100 }
    private static var fails: UInt32 { 0x200 }
    /// The string may end here: what is left is the beginning of the end-of-string symbol, shorter than a byte.
    private static var mayEnd: UInt32 { 0x400 }

    package static let shared = HuffmanTable()

    private init() {
        unsafe steps = .allocate(capacity: 256 * 16)
        unsafe steps.initialize(repeating: Self.fails, count: 256 * 16)
        // The tree: two children a node; below zero, the byte of a leaf.
        var tree: [(Int, Int)] = [(0, 0)]
        for byte in 0..<256 { Self.add(byte, to: &tree) }
        Self.add(0x3fff_ffff, length: 30, leaf: 256, to: &tree)
        var endings: Set<Int> = [0]
        var node = 0
        for _ in 0..<7 {
            node = tree[node].1
            endings.insert(node)
        }
        for state in tree.indices {
            for nibble in 0..<16 {
                unsafe steps[state << 4 | nibble] = Self.step(from: state, nibble, tree, endings)
            }
        }
    }

    private static func add(_ byte: Int, to tree: inout [(Int, Int)]) {
        let code = HuffmanCode.codes[byte]
        add(Int(code & 0xffff_ffff), length: Int(code >> 32), leaf: byte, to: &tree)
    }

    private static func add(_ code: Int, length: Int, leaf: Int, to tree: inout [(Int, Int)]) {
        var node = 0
        for bit in (1..<length).reversed() {
            let isOne = code >> bit & 1 == 1
            var next = isOne ? tree[node].1 : tree[node].0
            if next == 0 {
                tree.append((0, 0))
                next = tree.count - 1
                if isOne { tree[node].1 = next } else { tree[node].0 = next }
            }
            node = next
        }
        if code & 1 == 1 { tree[node].1 = -1 - leaf } else { tree[node].0 = -1 - leaf }
    }

    private static func step(
        from state: Int, _ nibble: Int, _ tree: [(Int, Int)], _ endings: Set<Int>
    ) -> UInt32 {
        var node = state
        var result: UInt32 = 0
        for bit in (0..<4).reversed() {
            node = nibble >> bit & 1 == 1 ? tree[node].1 : tree[node].0
            guard node < 0 else { continue }
            let byte = -1 - node
            if byte == 256 { return fails }
            result |= yields | UInt32(byte) << 16
            node = 0
        }
        if endings.contains(node) { result |= mayEnd }
        return result | UInt32(node)
    }

    /// Appends what the code stands for; false when it is none (RFC 7541 section 5.2).
    package func decode(_ input: Span<UInt8>, into out: Buffer) -> Bool {
        var state: UInt32 = 0
        var last = Self.mayEnd
        for index in 0..<input.count {
            let byte = Int(input[index])
            last = unsafe steps[Int(state & 0xff) << 4 | byte >> 4]
            if last & Self.yields != 0 { out.append(UInt8(truncatingIfNeeded: last >> 16)) }
            if last & Self.fails != 0 { return false }
            last = unsafe steps[Int(last & 0xff) << 4 | byte & 15]
            if last & Self.yields != 0 { out.append(UInt8(truncatingIfNeeded: last >> 16)) }
            if last & Self.fails != 0 { return false }
            state = last
        }
        return last & Self.mayEnd != 0
    }

    /// How many bytes `encode` writes.
    package static func encodedCount(_ text: Span<UInt8>) -> Int {
        var bits: UInt64 = 0
        for index in 0..<text.count { bits &+= HuffmanCode.codes[Int(text[index])] >> 32 }
        return Int(bits &+ 7) >> 3
    }

    package static func encode(_ text: Span<UInt8>, into out: Buffer) {
        var held: UInt64 = 0
        var count: UInt64 = 0
        for index in 0..<text.count {
            let code = HuffmanCode.codes[Int(text[index])]
            held = held << (code >> 32) | code & 0xffff_ffff
            count &+= code >> 32
            while count >= 8 {
                count &-= 8
                out.append(UInt8(truncatingIfNeeded: held >> count))
            }
        }
        // The rest is filled with ones, the beginning of the end-of-string symbol.
        if count > 0 { out.append(UInt8(truncatingIfNeeded: held << (8 &- count)) | 0xff >> UInt8(count)) }
    }
}
