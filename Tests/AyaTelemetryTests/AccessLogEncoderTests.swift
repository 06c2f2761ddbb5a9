internal import AyaCore
internal import AyaTelemetry
internal import Foundation
internal import Testing

@Suite struct AccessLogEncoderTests {
    /// The line of a record, with its fields' bytes kept alive around the call.
    static func line(path: [UInt8] = [], userAgent: [UInt8] = [], _ change: (inout AccessRecord) -> Void = { _ in })
        -> String
    {
        var record = AccessRecord()
        change(&record)
        let buffer = Buffer(capacity: 64 * 1024)
        unsafe path.withUnsafeBufferPointer { path in
            unsafe userAgent.withUnsafeBufferPointer { userAgent in
                unsafe record.path = path
                unsafe record.userAgent = userAgent
                var encoder = AccessLogEncoder()
                let fits = encoder.append(record, to: buffer)
                #expect(fits)
            }
        }
        return unsafe String(decoding: buffer.unread, as: UTF8.self)
    }

    @Test func exchange() {
        let line = Self.line(path: Array("/cart/7".utf8), userAgent: Array(#"curl "8""#.utf8)) { record in
            record.time = 1_769_903_999_123_456_789
            record.listener = Array("web".utf8)
            record.route = Array("site".utf8)
            record.pool = Array("api".utf8)
            record.server = Array("127.0.0.1:9001".utf8)
            record.client = SocketAddress("192.0.2.7:40000")
            record.status = 504
            record.bytesReceived = 0
            record.bytesSent = 1_234
            record.reason = .upstreamTimeout
            record.attempts = 2
            record.total = Interval(nanoseconds: 12_034_567_890)
            record.connect = Interval(nanoseconds: 1_500)
        }
        let expected =
            #"{"timestamp":"2026-01-31T23:59:59.123Z","aya.listener":"web","client.address":"192.0.2.7","#
            + #""client.port":40000,"url.path":"/cart/7","user_agent.original":"curl \"8\"","#
            + #""http.response.status_code":504,"http.request.body.size":0,"http.response.body.size":1234,"#
            + #""http.route":"site","aya.pool":"api","aya.server":"127.0.0.1:9001","aya.reason":"upstream_timeout","#
            + #""aya.blame":"upstream","aya.attempts":2,"aya.duration.total":12.034567,"aya.duration.connect":0.000001}"#
        #expect(line == expected + "\n")
    }

    @Test func session() {
        let line = Self.line { record in
            record.kind = .session
            record.client = SocketAddress("[2001:db8::1]:443")
            record.bytesSent = 10
        }
        #expect(line.contains(#""network.transport":"tcp""#))
        #expect(line.contains(#""client.address":"2001:db8::1""#))
        #expect(line.contains(#""aya.bytes.sent":10"#))
        #expect(!line.contains("http."))
        #expect(!line.contains("aya.blame"))
    }

    /// Whatever a client sends, the line is valid JSON and says what Swift's own decoding of the bytes would say.
    @Test func anyBytesBecomeValidJSON() throws {
        var random = RandomSource(seed: 11)
        let spice: [UInt8] = [
            0x22, 0x5c, 0x0a, 0x00, 0x1f, 0x7f, 0x80, 0xc2, 0xe2, 0x82, 0xac, 0xed, 0xf0, 0x9f, 0x98, 0x80, 0xff,
        ]
        for round in 0..<3_000 {
            let bytes = (0..<Int.random(in: 1...40, using: &random)).map { _ in
                round % 2 == 0 || Bool.random(using: &random)
                    ? UInt8.random(in: 32...126, using: &random) : spice.randomElement(using: &random) ?? 0
            }
            let line = Self.line(path: bytes)
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect(object?["url.path"] as? String == String(decoding: bytes, as: UTF8.self), "\(bytes)")
        }
    }

    @Test func longFieldsAreCut() {
        let line = Self.line(
            path: Array(repeating: 0x01, count: 100_000), userAgent: Array(repeating: 0xff, count: 100_000))
        #expect(line.utf8.count < AccessLogWriter.blockSize)
    }

    @Test func whatDoesNotFitLeavesNothing() {
        let buffer = Buffer(capacity: 100)
        var encoder = AccessLogEncoder()
        buffer.append("before")
        let fits = encoder.append(AccessRecord(), to: buffer)
        #expect(!fits)
        #expect(buffer.count == 6)
    }

    @Test func keysAreUnique() {
        let names = AccessKey.all.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.contains("http.response.status_code") && names.contains("timestamp"))
    }
}
