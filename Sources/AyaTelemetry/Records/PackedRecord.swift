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
    var lengths = InlineArray<16, UInt16>(repeating: 0)
}

/// A record as it travels from a worker to whoever reads it: one head of fixed size, and the texts behind it.
///
/// The bytes never leave the process, so they are in its own order and are not checked.
// Safe: made from a block that the reader holds for as long as it looks at the record.
@safe package struct PackedRecord {
    private let base: UnsafeRawPointer
    let head: PackedHead

    fileprivate init(_ base: UnsafeRawPointer) {
        unsafe self.base = base
        unsafe head = base.load(as: PackedHead.self)
    }

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
    package func text(_ wanted: PackedText) -> UnsafeBufferPointer<UInt8> {
        var offset = MemoryLayout<PackedHead>.size
        for index in 0..<wanted.rawValue { offset &+= Int(head.lengths[index]) }
        let count = Int(head.lengths[wanted.rawValue])
        return unsafe UnsafeBufferPointer(
            start: (base + offset).assumingMemoryBound(to: UInt8.self), count: count)
    }

    /// A number made of all its bytes: that of another record is another one.
    package var fingerprint: UInt64 {
        // FNV-1a, a word at a time.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        var offset = 0
        while offset < Int(head.size) {
            hash = unsafe (hash ^ base.load(fromByteOffset: offset, as: UInt64.self)) &* 0x0000_0100_0000_01b3
            hash ^= hash &>> 32
            offset += 8
        }
        return hash
    }

    /// Every record of a block, in order.
    package static func forEach(in buffer: Buffer, _ body: (PackedRecord) -> Void) {
        var rest = unsafe UnsafeRawBufferPointer(buffer.unread)
        while rest.count >= MemoryLayout<PackedHead>.size, let base = rest.baseAddress {
            let record = unsafe PackedRecord(base)
            let size = Int(record.head.size)
            guard size >= MemoryLayout<PackedHead>.size, size <= rest.count else { return }
            body(record)
            unsafe rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(size))
        }
    }
}

extension AccessRecord {
    /// Bytes of a text that are kept: a record stays shorter than a block whatever was sent.
    static let textLimit = 4_096

    /// Appends the record to a block; false, and no byte of it, when it does not fit.
    package borrowing func pack(into block: Buffer) -> Bool {
        var place = PackPlace(block)
        unsafe withBytes(listener) { unsafe place.append($0, .listener) }
        unsafe withBytes(route) { unsafe place.append($0, .route) }
        unsafe withBytes(pool) { unsafe place.append($0, .pool) }
        unsafe withBytes(server) { unsafe place.append($0, .server) }
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
            unsafe withBytes(tls.fingerprint) { unsafe place.append($0, .tlsFingerprint) }
            place.head.isResumed = tls.isResumed
        }
        if !retriedServer.isEmpty {
            unsafe withBytes(retriedServer) { unsafe place.append($0, .retriedServer) }
            place.head.retriedReason = retriedReason
            place.head.retriedStatus = UInt16(clamping: retriedStatus)
        }
        fill(&place.head)
        return place.finish(block)
    }

    @inline(__always) private borrowing func fill(_ head: inout PackedHead) {
        head.status = UInt16(clamping: status)
        head.attempts = UInt16(clamping: attempts)
        head.kind = kind
        head.reason = reason
        head.criticality = criticality
        head.minorVersion = minorVersion
        head.isHTTP2 = isHTTP2
        head.grpcStatus = grpcStatus
        head.client = client
        head.time = time
        head.total = max(0, total.nanoseconds)
        if let queue { head.queue = queue.nanoseconds }
        if let connect { head.connect = connect.nanoseconds }
        if let firstByte { head.firstByte = firstByte.nanoseconds }
        if let tryStart { head.tryStart = tryStart.nanoseconds }
        head.received = bytesReceived
        head.sent = bytesSent
        head.idHigh = idHigh
        head.idLow = idLow
        head.trace = trace
    }

    @inline(__always) private borrowing func withBytes(
        _ bytes: [UInt8], _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        if !bytes.isEmpty { unsafe bytes.withUnsafeBufferPointer { unsafe body($0) } }
    }
}

/// The free space of a block while a record is put into it.
// Safe: gone before the block is touched otherwise; what is written is checked against `limit`.
@safe private struct PackPlace {
    private let base: UnsafeMutableRawPointer?
    private let limit: Int
    private var count = MemoryLayout<PackedHead>.size
    var head = PackedHead()

    init(_ block: Buffer) {
        let free = unsafe block.free
        unsafe base = free.baseAddress
        limit = free.count
    }

    @inline(__always) mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, _ text: PackedText) {
        guard let source = bytes.baseAddress else { return }
        let size = min(bytes.count, AccessRecord.textLimit)
        // What does not fit makes the record longer than the space, which `finish` sees.
        if let base = unsafe base, size <= limit &- count {
            unsafe (base + count).copyMemory(from: source, byteCount: size)
        }
        head.lengths[text.rawValue] = UInt16(truncatingIfNeeded: size)
        count &+= size
    }

    mutating func finish(_ block: Buffer) -> Bool {
        let size = (count &+ 7) & ~7
        guard let base = unsafe base, size <= limit else { return false }
        head.size = UInt32(truncatingIfNeeded: size)
        unsafe base.storeBytes(of: head, as: PackedHead.self)
        block.commit(size)
        return true
    }
}
