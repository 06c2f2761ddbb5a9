internal import CAyaCrypto
internal import CNIOBoringSSL

/// Seals and opens records of TLS 1.3 where their bytes stand (RFC 8446 section 5), once nothing is left of a handshake:
/// docs/decisions/0037 says why not the library.
///
/// A pointer without an owner of its own: counting references on each record would cost what it gains. Who has it frees
/// it.
@safe package struct Records {
    // Safe: valid until `free`, and used by one thread.
    private let state: OpaquePointer

    package enum Opened: Equatable {
        /// So many, of the application.
        case bytes(Int)
        /// It was for the connection alone, or empty.
        case nothing
        /// The peer sends no more.
        case end
        /// Not all of it is there.
        case partial
        /// There is no room; nothing has happened.
        case noRoom
        /// The peer has given up.
        case broken
        /// Nothing of this connection can be trusted any more; the peer is to get the alert.
        case fault(alert: UInt8)
    }

    /// A record's header, and the most plaintext that is in one.
    static let header = 5
    package static let largest = 16384
    /// By how much what is sealed is longer, at most.
    package static var overhead: Int { aya_records_overhead() }

    /// Goes on where a server's connection stands, which must not read or write any more and holds nothing that is to
    /// go. Nil when that can't be now.
    init?(takingOver ssl: OpaquePointer) {
        guard let state = unsafe aya_records_take_over(ssl) else { return nil }
        unsafe self.state = state
    }

    /// From the secrets of both directions; nil when they are not of the suite's size.
    package init?(suite: UInt16, reading: [UInt8], writing: [UInt8]) {
        var start = aya_records_state()
        start.suite = suite
        start.secret_size = reading.count
        guard reading.count == writing.count, reading.count <= Int(AYA_RECORDS_SECRET) else { return nil }
        unsafe withUnsafeMutableBytes(of: &start.reading) { unsafe $0.copyBytes(from: reading) }
        unsafe withUnsafeMutableBytes(of: &start.writing) { unsafe $0.copyBytes(from: writing) }
        guard let state = unsafe aya_records_make(&start) else { return nil }
        unsafe self.state = state
    }

    package func free() { unsafe aya_records_free(state) }

    /// The first record is there to its end, or wrong.
    package static func isWhole(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        unsafe aya_records_is_whole(bytes.baseAddress, bytes.count) == 1
    }

    /// Opens the first record into a place that has room for what was sealed without its tag; that may be where it
    /// stands, behind its header. `consumed` is its length.
    package func open(
        _ bytes: UnsafeBufferPointer<UInt8>, into place: UnsafeMutableRawBufferPointer
    ) -> (outcome: Opened, consumed: Int) {
        var consumed = 0
        var count = 0
        var alert: UInt8 = 0
        let outcome = unsafe aya_records_open(
            state, bytes.baseAddress, bytes.count, &consumed, place.baseAddress?.assumingMemoryBound(to: UInt8.self),
            place.count, &count, &alert)
        switch outcome {
        case AYA_OPENED_BYTES: return (.bytes(count), consumed)
        case AYA_OPENED_NOTHING: return (.nothing, consumed)
        case AYA_OPENED_PARTIAL: return (.partial, 0)
        case AYA_OPENED_NO_ROOM: return (.noRoom, 0)
        case AYA_OPENED_END: return (.end, consumed)
        case AYA_OPENED_BROKEN: return (.broken, consumed)
        default:
            ERR_clear_error()
            return (.fault(alert: alert), 0)
        }
    }

    /// Makes a record, and before it what the peer has to be told; how many bytes it takes, or 0 when that failed.
    package func seal(
        _ bytes: UnsafeBufferPointer<UInt8>, type: UInt8 = UInt8(AYA_RECORDS_DATA),
        into place: UnsafeMutableRawBufferPointer
    ) -> Int {
        unsafe aya_records_seal(
            state, type, bytes.baseAddress, bytes.count, place.baseAddress?.assumingMemoryBound(to: UInt8.self),
            place.count)
    }

    /// Sends an alert (section 6) as far as that goes without waiting; 0 is close_notify.
    func say(_ alert: UInt8, on wire: UnsafeMutablePointer<aya_wire>, more: Bool) {
        unsafe aya_records_say(state, wire, alert, more ? 1 : 0)
        ERR_clear_error()
    }
}
