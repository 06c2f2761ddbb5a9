package import AyaCore

/// The fields of one head, decoded: names and values in one buffer, and where each stands.
///
/// A worker has one and uses it for every head of every connection: what stands in it is validated, translated and
/// forgotten before the next frame is looked at.
package final class FieldBlock {
    package let bytes: Buffer
    private var store = FieldStore(capacity: 64)
    package private(set) var count = 0
    /// As RFC 9113 section 6.5.2 counts: each name and value and 32 more.
    package private(set) var listSize = 0
    private var largest = 0
    private var most = 0
    /// The fields are more than the limit and not kept; the connection's compression stays in step all the same.
    package private(set) var isTooLarge = false

    package init(capacity: Int = 128 << 10) { bytes = Buffer(capacity: capacity) }

    package var fields: FieldList { FieldList(store, count: count) }

    package func begin(limits: HTTP2Limits) {
        bytes.clear()
        count = 0
        listSize = 0
        largest = min(limits.headerList, bytes.capacity / 2)
        most = limits.headerCount
        isTooLarge = false
    }

    /// Where the next field begins.
    @inline(__always)
    func mark() -> Int {
        // What is not kept has no use for the bytes before it.
        if isTooLarge { bytes.clear() }
        return bytes.end
    }

    /// A field whose name and value were appended behind `start`.
    @inline(__always)
    func add(from start: Int, nameEnd: Int, known: FieldName?) {
        let end = bytes.end
        listSize &+= end &- start &+ 32
        if listSize > largest || count >= most { isTooLarge = true }
        if isTooLarge {
            // What was kept of it stands nowhere any more once the next field comes.
            count = 0
            return
        }
        let known = known ?? FieldName.recognise(unsafe bytes.unread.span, from: start, to: nameEnd)
        if count == store.capacity { store = store.grown() }
        store[count] = Field(
            name: Slice(start, nameEnd), value: Slice(nameEnd, end), known: known,
            isHopByHop: known.isAlwaysHopByHop)
        count &+= 1
    }

    /// A field too many, of which only the size is noted.
    @inline(__always)
    func skip(size: Int) { listSize &+= size }

    package func name(_ field: Field) -> UnsafeBufferPointer<UInt8> { unsafe bytes.bytes(field.name.range) }
    package func value(_ field: Field) -> UnsafeBufferPointer<UInt8> { unsafe bytes.bytes(field.value.range) }
}
