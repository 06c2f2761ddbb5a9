internal import AyaCore

/// Decodes blocks of fields (RFC 7541), and keeps the table that the peer's encoder fills.
///
/// A block that holds more than is wanted is decoded all the same, without keeping what it says: the table has to stay
/// in step, or every later head would mean something else.
package struct HPACKDecoder {
    package let table: DynamicTable

    package init(tableSize: Int = 4096) { table = DynamicTable(ceiling: tableSize) }

    /// Nil when the block was well-formed. After a fault the connection cannot go on (RFC 9113 section 4.3).
    package func decode(_ input: Span<UInt8>, into block: FieldBlock) -> HTTP2Fault? {
        var at = 0
        var mayResize = true
        // Indexed fields cost a byte and may stand for thousands: beyond this, nobody means well.
        let bomb = max(256 << 10, 4 * block.bytes.capacity)
        while at < input.count {
            let byte = input[at]
            if byte & 0x80 != 0 {
                let index = HPACKInteger.read(input, at: &at, prefix: 7)
                guard index > 0, appendIndexed(index, to: block) else { return Self.badIndex }
            } else if byte & 0xe0 == 0x20 {
                let size = HPACKInteger.read(input, at: &at, prefix: 5)
                guard mayResize, size >= 0, size <= table.ceiling else {
                    return HTTP2Fault(.compressionError, "a table size is out of place or above the limit")
                }
                table.resize(to: size)
                continue
            } else {
                let isIndexing = byte & 0x40 != 0
                if let fault = literal(input, at: &at, prefix: isIndexing ? 6 : 4, isIndexing, to: block) {
                    return fault
                }
            }
            mayResize = false
            if block.listSize > bomb {
                return HTTP2Fault(.enhanceYourCalm, "a head decompresses to many times what is allowed")
            }
        }
        return nil
    }

    private static var badIndex: HTTP2Fault { HTTP2Fault(.compressionError, "an index points at no field") }
    private static var badString: HTTP2Fault { HTTP2Fault(.compressionError, "a string is malformed or cut short") }

    private func appendIndexed(_ index: Int, to block: FieldBlock) -> Bool {
        if index <= StaticTable.count {
            guard let (name, value, known) = StaticTable.entry(index) else { return false }
            let start = block.mark()
            block.bytes.append(name)
            let nameEnd = block.bytes.end
            block.bytes.append(value)
            block.add(from: start, nameEnd: nameEnd, known: known)
            return true
        }
        guard let entry = table.entry(index &- StaticTable.count &- 1) else { return false }
        if block.isTooLarge {
            block.skip(size: entry.size)
            return true
        }
        let start = block.mark()
        unsafe block.bytes.append(table.bytes(entry.name))
        let nameEnd = block.bytes.end
        unsafe block.bytes.append(table.bytes(entry.value))
        block.add(from: start, nameEnd: nameEnd, known: nil)
        return true
    }

    private func literal(
        _ input: Span<UInt8>, at: inout Int, prefix: UInt8, _ isIndexing: Bool, to block: FieldBlock
    ) -> HTTP2Fault? {
        let index = HPACKInteger.read(input, at: &at, prefix: prefix)
        guard index >= 0 else { return Self.badIndex }
        let start = block.mark()
        let bytes = block.bytes
        var known: FieldName?
        if index == 0 {
            guard string(input, at: &at, into: bytes) else { return Self.badString }
        } else if index <= StaticTable.count {
            guard let entry = StaticTable.entry(index) else { return Self.badIndex }
            bytes.append(entry.name)
            known = entry.known
        } else {
            guard let entry = table.entry(index &- StaticTable.count &- 1) else { return Self.badIndex }
            unsafe bytes.append(table.bytes(entry.name))
        }
        let nameEnd = bytes.end
        guard string(input, at: &at, into: bytes) else { return Self.badString }
        if bytes.overflowed { return HTTP2Fault(.enhanceYourCalm, "a field is too large to be decoded") }
        if isIndexing {
            unsafe table.insert(
                name: bytes.bytes(start..<nameEnd).span, value: bytes.bytes(nameEnd..<bytes.end).span)
        }
        block.add(from: start, nameEnd: nameEnd, known: known)
        return nil
    }

    private func string(_ input: Span<UInt8>, at: inout Int, into out: Buffer) -> Bool {
        guard at < input.count else { return false }
        let isCoded = input[at] & 0x80 != 0
        let count = HPACKInteger.read(input, at: &at, prefix: 7)
        guard count >= 0, count <= input.count &- at else { return false }
        let text = input.extracting(at..<at &+ count)
        at &+= count
        if isCoded { return HuffmanTable.shared.decode(text, into: out) }
        out.append(text)
        return true
    }
}
