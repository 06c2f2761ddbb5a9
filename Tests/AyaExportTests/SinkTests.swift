internal import AyaCore
internal import AyaExport
internal import AyaTelemetry
internal import AyaTestSupport
internal import Foundation
internal import Glibc
internal import Testing

@Suite struct SinkTests {
    /// Receives datagrams at a path, as the journal does.
    static func receiver(at path: String) -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &name.sun_path) { room in
            for (index, byte) in path.utf8.enumerated() { unsafe room[index] = byte }
        }
        let bound = unsafe withUnsafePointer(to: &name) { name in
            unsafe name.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(bound == 0)
        return descriptor
    }

    static func next(_ descriptor: Int32) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe recv(descriptor, &bytes, bytes.count, 0)
        return Array(bytes.prefix(max(0, count)))
    }

    @Test func theJournalGetsFieldsToSearchBy() throws {
        let path = NSTemporaryDirectory() + "/aya-journal-\(UInt32.random(in: 0 ... .max))"
        let descriptor = Self.receiver(at: path)
        defer {
            _ = close(descriptor)
            try? FileManager.default.removeItem(atPath: path)
        }
        let log = RecordOutlet(
            "journal", LogSelection(), LineFormatter(.json), to: JournaldSink(path: path),
            log: Log(level: .error, format: .json))
        let hub = RecordHub([log])
        let recorder = Recorder(hub)
        var record = AccessRecord()
        unsafe record.route = lasting("check out")
        unsafe record.pool = lasting("two\nlines")
        record.status = 502
        record.reason = .upstreamReset
        recorder.append(record)
        recorder.flush()
        let message = Self.next(descriptor)
        log.close()
        let text = String(decoding: message, as: UTF8.self)
        #expect(text.hasPrefix("PRIORITY=4\nSYSLOG_IDENTIFIER=aya\nMESSAGE={\"timestamp\":"))
        #expect(text.contains("\nHTTP_ROUTE=check out\n"))
        #expect(text.contains("\nHTTP_RESPONSE_STATUS_CODE=502\n"))
        #expect(text.contains("\nAYA_REASON=upstream_reset\n"))
        // A value with a line feed has its length before it, in eight bytes.
        let binary = Array("\nAYA_POOL\n".utf8) + [9, 0, 0, 0, 0, 0, 0, 0] + Array("two\nlines\n".utf8)
        #expect(message.indices.contains { message[$0...].starts(with: binary) })
        #expect(log.counts.records == 1)
    }

    @Test func bulkAnswers() {
        let answer = #"""
            {"took":3,"errors":true,"items":[{"create":{"_id":"1","status":201}},{"create":{"_id":"2","status": 409}},
            {"create":{"status":429,"error":{}}},{"create":{"status":503}},{"create":{"status":400}}]}
            """#
        let verdict = BulkVerdict(Array(answer.utf8))
        #expect(verdict.later == 2 && verdict.never == 1)
        #expect(BulkVerdict([]).later == 0 && BulkVerdict(Array(#""status":"#.utf8)).never == 0)
    }
}
