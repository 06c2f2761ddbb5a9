package import AyaCore

/// The texts of a packed record, in the order in which they lie behind its head.
package enum PackedText: Int, CaseIterable, Sendable {
    case listener, route, pool, server, method, host, path, query, userAgent, headers, requestID
    case tlsVersion, tlsCipher, tlsServerName, tlsFingerprint, retriedServer
}

/// What of a packed record has a fixed size.
struct PackedHead {
    /// Of the whole record; a multiple of eight, so that the next one is aligned.
    var size: UInt32 = 0
    var status: UInt16 = 0
    var attempts: UInt16 = 0
    var retriedStatus: UInt16 = 0
    var retriedReason: Reason?
    var kind = AccessRecord.Kind.exchange
    var reason = Reason.ok
    var criticality: Int8 = 2
    var minorVersion: UInt8 = 1
    var isHTTP2 = false
    var isResumed = false
    var grpcStatus: GRPCStatus?
    var client: SocketAddress?
    /// Nanoseconds; below zero where there is none.
    var time: Int64 = 0
    var total: Int64 = 0
    var queue: Int64 = -1
    var connect: Int64 = -1
    var firstByte: Int64 = -1
    var tryStart: Int64 = -1
    var received: UInt64 = 0
    var sent: UInt64 = 0
    var idHigh: UInt64 = 0
    var idLow: UInt64 = 0
    var trace: TracePlace?
    /// Where each text ends, counted from the first one's beginning.
    var ends = InlineArray<16, UInt16>(repeating: 0)
}

/// A record as it travels from a worker to whoever reads it: one head of fixed size, and the texts behind it.
///
/// The bytes never leave the process, so they are in its own order and are not checked.
// Safe: made from a block that the reader holds for as long as it looks at the record.
@safe package struct PackedRecord {
    private let place: UnsafePointer<PackedHead>

    fileprivate init(_ base: UnsafeRawPointer) { unsafe place = base.assumingMemoryBound(to: PackedHead.self) }

    /// Read where it lies: most readers want little of it.
    @inline(__always) var head: PackedHead { _read { yield unsafe place.pointee } }

    package var kind: AccessRecord.Kind { head.kind }
    package var reason: Reason { head.reason }
    package var status: Int { Int(head.status) }
    package var attempts: Int { Int(head.attempts) }
    package var client: SocketAddress? { head.client }
    /// The wall clock at the beginning, in nanoseconds since 1970.
    package var time: Int64 { head.time }
    package var total: Interval { Interval(nanoseconds: head.total) }
    package var trace: TracePlace? { head.trace }
    /// From the beginning until the last try on a server.
    package var tryStart: Interval? { head.tryStart < 0 ? nil : Interval(nanoseconds: head.tryStart) }
    package var received: UInt64 { head.received }
    package var sent: UInt64 { head.sent }
    package var isHTTP2: Bool { head.isHTTP2 }
    package var minorVersion: UInt8 { head.minorVersion }

    /// Something of which an operator should see every case: it failed, and not by the client's fault alone.
    package var isFailure: Bool {
        if head.status >= 500 { return true }
        return switch head.reason.blame {
        case .upstream, .aya, .operator: true
        case .client, nil: false
        }
    }

    /// Empty where there is none; valid as long as the block is.
    @inline(__always) package func text(_ wanted: PackedText) -> UnsafeBufferPointer<UInt8> {
        let start = wanted.rawValue == 0 ? 0 : Int(head.ends[wanted.rawValue &- 1])
        return unsafe UnsafeBufferPointer(
            start: UnsafeRawPointer(place + 1).assumingMemoryBound(to: UInt8.self) + start,
            count: Int(head.ends[wanted.rawValue]) &- start)
    }

    /// A number made of all its bytes: that of another record is another one.
    package var fingerprint: UInt64 {
        // FNV-1a, a word at a time.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        let base = unsafe UnsafeRawPointer(place)
        var offset = 0
        while offset < Int(head.size) {
            hash = unsafe (hash ^ base.load(fromByteOffset: offset, as: UInt64.self)) &* 0x0000_0100_0000_01b3
            hash ^= hash &>> 32
            offset += 8
        }
        return hash
    }

    /// Every record of a block, in order.
    @inline(__always) package static func forEach(in buffer: Buffer, _ body: (PackedRecord) -> Void) {
        let bytes = unsafe UnsafeRawBufferPointer(buffer.unread)
        guard let base = bytes.baseAddress else { return }
        var offset = 0
        while bytes.count &- offset >= MemoryLayout<PackedHead>.stride {
            let record = unsafe PackedRecord(base + offset)
            let size = Int(record.head.size)
            guard size >= MemoryLayout<PackedHead>.stride, size <= bytes.count &- offset else { return }
            body(record)
            offset &+= size
        }
    }
}

extension AccessRecord {
    /// Bytes of a text that are kept: a record stays shorter than a block whatever was sent.
    static let textLimit = 4_096

    /// Appends the record to a block; false, and no byte of it, when it does not fit.
    package borrowing func pack(into block: Buffer) -> Bool {
        var place = PackPlace(block)
        unsafe place.append(listener, .listener)
        unsafe place.append(route, .route)
        unsafe place.append(pool, .pool)
        unsafe place.append(server, .server)
        unsafe place.append(method, .method)
        unsafe place.append(host, .host)
        unsafe place.append(path, .path)
        unsafe place.append(query, .query)
        unsafe place.append(userAgent, .userAgent)
        unsafe place.append(headers, .headers)
        unsafe place.append(requestID, .requestID)
        if let tls {
            unsafe place.append(
                UnsafeBufferPointer(start: tls.version.utf8Start, count: tls.version.utf8CodeUnitCount), .tlsVersion)
            unsafe place.append(tls.cipher, .tlsCipher)
            unsafe place.append(tls.serverName, .tlsServerName)
            place.append(tls.fingerprint, .tlsFingerprint)
        } else {
            place.skip(.tlsVersion)
            place.skip(.tlsCipher)
            place.skip(.tlsServerName)
            place.skip(.tlsFingerprint)
        }
        unsafe place.append(retriedServer, .retriedServer)
        return place.finish(block) { head in fill(&head) }
    }

    @inline(__always) private borrowing func fill(_ head: inout PackedHead) {
        head.status = UInt16(clamping: status)
        head.attempts = UInt16(clamping: attempts)
        head.retriedStatus = UInt16(clamping: retriedStatus)
        head.retriedReason = retriedReason
        head.kind = kind
        head.reason = reason
        head.criticality = criticality
        head.minorVersion = minorVersion
        head.isHTTP2 = isHTTP2
        head.isResumed = tls?.isResumed ?? false
        head.grpcStatus = grpcStatus
        head.client = client
        head.time = time
        head.total = max(0, total.nanoseconds)
        head.queue = queue?.nanoseconds ?? -1
        head.connect = connect?.nanoseconds ?? -1
        head.firstByte = firstByte?.nanoseconds ?? -1
        head.tryStart = tryStart?.nanoseconds ?? -1
        head.received = bytesReceived
        head.sent = bytesSent
        head.idHigh = idHigh
        head.idLow = idLow
        head.trace = trace
    }
}

/// The free space of a block while a record is put into it.
// Safe: gone before the block is touched otherwise; what is written is checked against `limit`.
@safe private struct PackPlace {
    private let base: UnsafeMutableRawPointer
    private let limit: Int
    private var count = MemoryLayout<PackedHead>.stride
    private var ends = InlineArray<16, UInt16>(repeating: 0)

    init(_ block: Buffer) {
        let free = unsafe block.free
        // Safe: a block's memory has an address.
        unsafe base = free.baseAddress.unsafelyUnwrapped
        limit = free.count
    }

    @inline(__always) mutating func append(_ bytes: [UInt8], _ text: PackedText) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append($0, text) }
    }

    /// Texts come in the order in which they lie.
    @inline(__always) mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, _ text: PackedText) {
        let size = min(bytes.count, AccessRecord.textLimit)
        // What does not fit makes the record longer than the space, which `finish` sees.
        if let source = bytes.baseAddress, size <= limit &- count {
            unsafe (base + count).copyText(from: source, count: size)
        }
        count &+= size
        skip(text)
    }

    /// A text that there is not.
    @inline(__always) mutating func skip(_ text: PackedText) {
        ends[text.rawValue] = UInt16(truncatingIfNeeded: count &- MemoryLayout<PackedHead>.stride)
    }

    @inline(__always) func finish(_ block: Buffer, _ fill: (inout PackedHead) -> Void) -> Bool {
        let size = (count &+ 7) & ~7
        guard size <= limit else { return false }
        let place = unsafe base.assumingMemoryBound(to: PackedHead.self)
        var head = PackedHead()
        fill(&head)
        head.ends = ends
        head.size = UInt32(truncatingIfNeeded: size)
        unsafe place.initialize(to: head)
        // What is compared as words has no chance bytes behind its last text.
        unsafe (base + count).initializeMemory(as: UInt8.self, repeating: 0, count: size &- count)
        block.commit(size)
        return true
    }
}
