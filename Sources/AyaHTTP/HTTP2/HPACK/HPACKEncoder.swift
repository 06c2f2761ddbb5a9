package import AyaCore

/// Encodes blocks of fields (RFC 7541), and keeps the table that the peer's decoder mirrors.
///
/// A field enters the table when it is seen for the second time: values that change with every message would only
/// push out those that repeat. What enters is Huffman-coded, since it travels once for many uses; what does not is
/// sent as it is, which costs both sides less than it would save.
@safe package final class HPACKEncoder {
    private let table: DynamicTable
    /// The smallest limit since the last block, and whether the present one has to be told (section 4.2).
    private var smallest = Int.max
    private var owesSize = false
    /// Hashes of fields that went by lately.
    private var seen = InlineArray<64, UInt32>(repeating: 0)

    package init(tableSize: Int = 4096) { table = DynamicTable(ceiling: tableSize) }

    /// The peer's `SETTINGS_HEADER_TABLE_SIZE`: the most that it keeps. We keep no more than our own bound.
    package func limitTable(to size: Int) {
        let limit = min(size, table.ceiling)
        guard limit != table.limit else { return }
        smallest = min(smallest, limit)
        table.resize(to: limit)
        owesSize = true
    }

    /// To be called before the fields of each block.
    package func begin(_ out: Buffer) {
        guard owesSize else { return }
        owesSize = false
        if smallest < table.limit { HPACKInteger.write(smallest, prefix: 5, pattern: 0x20, to: out) }
        HPACKInteger.write(table.limit, prefix: 5, pattern: 0x20, to: out)
        smallest = .max
    }

    /// The pseudo-header of a response.
    package func status(_ status: Int, to out: Buffer) {
        switch status {
        case 200: out.append(0x88)
        case 204: out.append(0x89)
        case 206: out.append(0x8a)
        case 304: out.append(0x8b)
        case 400: out.append(0x8c)
        case 404: out.append(0x8d)
        case 500: out.append(0x8e)
        default:
            out.append(0x08)
            out.append(0x03)
            for power in [100, 10, 1] { out.append(48 &+ UInt8(truncatingIfNeeded: status / power % 10)) }
        }
    }

    /// A field of a known place in the static table, such as a pseudo-header; the value is not remembered.
    package func indexedName(_ index: Int, _ value: Span<UInt8>, to out: Buffer) {
        HPACKInteger.write(index, prefix: 4, pattern: 0, to: out)
        plain(value, to: out)
    }

    /// One entry of the static table.
    package func indexed(_ index: Int, to out: Buffer) { HPACKInteger.write(index, prefix: 7, pattern: 0x80, to: out) }

    /// A field. The name's letters are written in lower case (RFC 9113 section 8.2.1).
    package func field(_ name: Span<UInt8>, _ value: Span<UInt8>, known: FieldName, to out: Buffer) {
        let place = known == .other ? 0 : StaticTable.index(of: known)
        switch Self.habit(known, value.count) {
        case .secret:
            HPACKInteger.write(place, prefix: 4, pattern: 0x10, to: out)
            if place == 0 { plainName(name, to: out) }
            return plain(value, to: out)
        case .changing:
            HPACKInteger.write(place, prefix: 4, pattern: 0, to: out)
            if place == 0 { plainName(name, to: out) }
            return plain(value, to: out)
        case .repeating: break
        }
        let hash = Self.hash(name, value)
        let age = table.find(hash) { entry in
            let isNamed = unsafe table.bytes(entry.name).span.equalsIgnoringCase(name)
            return unsafe isNamed && Self.areEqual(table.bytes(entry.value).span, value)
        }
        if age >= 0 { return HPACKInteger.write(age &+ StaticTable.count &+ 1, prefix: 7, pattern: 0x80, to: out) }
        let slot = Int(hash & 63)
        let isKnown = seen[slot] == hash
        seen[slot] = hash
        guard isKnown, name.count &+ value.count &+ 32 <= table.limit else {
            HPACKInteger.write(place, prefix: 4, pattern: 0, to: out)
            if place == 0 { plainName(name, to: out) }
            return plain(value, to: out)
        }
        HPACKInteger.write(place, prefix: 6, pattern: 0x40, to: out)
        let lower = Lowercased(name)
        if place == 0 { lower.with { coded($0, to: out) } }
        coded(value, to: out)
        lower.with { table.insert(name: $0, value: value, hash: hash) }
    }

    private enum Habit {
        /// Never in a table, neither here nor behind the next hop (section 7.1.3).
        case secret
        /// Not worth a place.
        case changing
        case repeating
    }

    private static func habit(_ known: FieldName, _ valueCount: Int) -> Habit {
        switch known {
        case .authorization, .proxyAuthorization, .cookie, .setCookie, .wwwAuthenticate, .authenticationInfo: .secret
        case .contentLength, .eTag, .lastModified, .xRequestID, .traceparent, .age, .location, .contentRange, .range,
            .ifNoneMatch, .ifModifiedSince:
            .changing
        default: valueCount > 512 ? .changing : .repeating
        }
    }

    private func plain(_ text: Span<UInt8>, to out: Buffer) {
        HPACKInteger.write(text.count, prefix: 7, pattern: 0, to: out)
        out.append(text)
    }

    private func plainName(_ name: Span<UInt8>, to out: Buffer) {
        HPACKInteger.write(name.count, prefix: 7, pattern: 0, to: out)
        for index in 0..<name.count { out.append(name[index].asciiLowercased) }
    }

    private func coded(_ text: Span<UInt8>, to out: Buffer) {
        let count = HuffmanTable.encodedCount(text)
        guard count < text.count else { return plain(text, to: out) }
        HPACKInteger.write(count, prefix: 7, pattern: 0x80, to: out)
        HuffmanTable.encode(text, into: out)
    }

    /// FNV-1a over the name in lower case and the value; only a hint, since equality is checked.
    private static func hash(_ name: Span<UInt8>, _ value: Span<UInt8>) -> UInt32 {
        var hash: UInt32 = 0x811c_9dc5
        for index in 0..<name.count { hash = (hash ^ UInt32(name[index] | 0x20)) &* 0x0100_0193 }
        for index in 0..<value.count { hash = (hash ^ UInt32(value[index])) &* 0x0100_0193 }
        return hash | 1
    }

    private static func areEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        for index in 0..<left.count where left[index] != right[index] { return false }
        return true
    }

    /// A name in lower case. Only fields that enter the table need one, so it may allocate.
    private struct Lowercased {
        private let bytes: [UInt8]

        init(_ name: Span<UInt8>) {
            bytes = name.copied().map(\.asciiLowercased)
        }

        func with(_ body: (Span<UInt8>) -> Void) { body(bytes.span) }
    }
}
