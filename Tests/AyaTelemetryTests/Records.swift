internal import AyaCore
internal import AyaTelemetry
internal import AyaTestSupport
internal import Testing

/// Records for tests: what a worker would write.
enum Records {
    /// Packs one, with its texts' bytes kept alive around the call, and looks at it.
    static func packed(
        path: [UInt8] = [], userAgent: [UInt8] = [], query: String = "", headers: String = "", requestID: String = "",
        _ change: (inout AccessRecord) -> Void = { _ in }, look: (PackedRecord) -> Void
    ) {
        var record = AccessRecord()
        change(&record)
        let block = RecordBlock()
        let (query, headers, requestID) = (Array(query.utf8), Array(headers.utf8), Array(requestID.utf8))
        unsafe path.withUnsafeBufferPointer { path in
            unsafe userAgent.withUnsafeBufferPointer { userAgent in
                unsafe query.withUnsafeBufferPointer { query in
                    unsafe headers.withUnsafeBufferPointer { headers in
                        unsafe requestID.withUnsafeBufferPointer { requestID in
                            unsafe record.path = path
                            unsafe record.userAgent = userAgent
                            unsafe record.query = query
                            unsafe record.headers = headers
                            unsafe record.requestID = requestID
                            let fits = block.append(record)
                            #expect(fits)
                        }
                    }
                }
            }
        }
        PackedRecord.forEach(in: block.buffer, look)
    }

    static func text(_ formatter: LineFormatter, _ record: PackedRecord) -> String {
        let buffer = Buffer(capacity: 256 * 1024)
        var line = LineCursor(buffer)
        formatter.append(record, to: &line)
        let fits = line.finish(buffer)
        #expect(fits)
        return unsafe String(decoding: buffer.unread, as: UTF8.self)
    }

    static let example: @Sendable (inout AccessRecord) -> Void = { record in
        record.time = 1_769_903_999_123_456_789
        unsafe record.listener = lasting("web")
        unsafe record.route = lasting("site")
        unsafe record.pool = lasting("api")
        unsafe record.server = lasting("127.0.0.1:9001")
        record.client = SocketAddress("192.0.2.7:40000")
        record.status = 504
        record.bytesSent = 1_234
        record.reason = .upstreamTimeout
        record.attempts = 2
        record.total = Interval(nanoseconds: 12_034_567_890)
        record.connect = Interval(nanoseconds: 1_500)
    }
}
