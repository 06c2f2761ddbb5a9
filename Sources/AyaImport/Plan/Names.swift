/// Gives listeners, routes and pools names that Aya takes and that nobody else has, as near as can be to those they had.
struct Names {
    private var taken: Set<String> = []
    private var next: [String: Int] = [:]

    /// - Parameter wish: any text; nothing of it has to be a name.
    mutating func unique(_ wish: String) -> String {
        let base = Self.cleaned(wish)
        if taken.insert(base).inserted { return base }
        var number = next[base] ?? 2
        while !taken.insert("\(base)-\(number)").inserted { number += 1 }
        next[base] = number + 1
        return "\(base)-\(number)"
    }

    static func cleaned(_ wish: String) -> String {
        var bytes: [UInt8] = []
        for byte in wish.utf8 where bytes.count < 100 {
            switch byte {
            case 48...57, 65...90, 97...122, UInt8(ascii: "_"): bytes.append(byte)
            case UInt8(ascii: "."), UInt8(ascii: "-"): if !bytes.isEmpty { bytes.append(byte) }
            default: if !bytes.isEmpty, bytes.last != UInt8(ascii: "-") { bytes.append(UInt8(ascii: "-")) }
            }
        }
        while let last = bytes.last, last == UInt8(ascii: "-") || last == UInt8(ascii: ".") { bytes.removeLast() }
        let name = String(decoding: bytes, as: UTF8.self)
        // `off` and `none` mean something where a pool is named.
        return name.isEmpty ? "unnamed" : ["off", "none", "auto"].contains(name) ? "\(name)-pool" : name
    }
}
