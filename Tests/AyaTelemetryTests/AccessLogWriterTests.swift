internal import AyaCore
internal import AyaTelemetry
internal import Foundation
internal import Synchronization
internal import Testing

@Suite struct AccessLogWriterTests {
    /// What the writer told its log.
    final class Heard: Sendable {
        let lines = Mutex<[String]>([])
        var log: Log {
            Log(level: .debug, format: .json, limit: Log.RateLimit(), clock: { 0 }) { [self] line in
                lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
            }
        }
        var count: Int { lines.withLock(\.count) }
    }

    static func withFile(_ body: (String) throws -> Void) throws {
        let path = NSTemporaryDirectory() + "/aya-access-\(UInt64.random(in: 0 ... .max)).log"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    static func block(_ text: String) -> Buffer {
        let buffer = Buffer(capacity: 64)
        buffer.append(text: text)
        return buffer
    }

    @Test func writesInOrderAndReopens() throws {
        try Self.withFile { path in
            let writer = try AccessLogWriter(.file(path: path), log: Heard().log)
            #expect(writer.submit(Self.block("one\n"), records: 1))
            #expect(writer.submit(Self.block("two\n"), records: 1))
            #expect(writer.flush())
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "one\ntwo\n")
            try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
            defer { try? FileManager.default.removeItem(atPath: path + ".1") }
            writer.reopen()
            #expect(writer.submit(Self.block("three\n"), records: 1))
            writer.close()
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "three\n")
            #expect(!writer.submit(Self.block("late\n"), records: 1))
            let permissions = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect((permissions ?? 0) & 0o137 == 0)
        }
    }

    @Test func missingDirectoryIsAnError() {
        #expect(throws: AccessLogWriter.OpenError.self) {
            try AccessLogWriter(.file(path: "/nonexistent/access.log"), log: Heard().log)
        }
    }

    /// A full disk: said once, the queue fills, workers are refused and never wait, closing gives up and counts.
    @Test func fullDiskLosesRecordsOnly() throws {
        let heard = Heard()
        let writer = try AccessLogWriter(.file(path: "/dev/full"), blockLimit: 4, log: heard.log)
        var refused = 0
        for _ in 0..<20 where !writer.submit(Self.block("x\n"), records: 3) { refused += 1 }
        #expect((15...16).contains(refused))
        #expect(!writer.flush(patience: .milliseconds(20)))
        #expect(heard.count == 1)
        writer.close()
        #expect(writer.lostRecords == UInt64(20 - refused) * 3)
    }

    @Test func sinkHandsOverFullBlocksAndCountsLosses() throws {
        try Self.withFile { path in
            let writer = try AccessLogWriter(.file(path: path), log: Heard().log)
            let metrics = WorkerMetrics(shape: MetricsShape())
            let sink = AccessLogSink(writer: writer, metrics: metrics)
            var record = AccessRecord()
            record.listener = Array("web".utf8)
            for _ in 0..<2_000 { sink.append(record) }
            sink.flush()
            writer.close()
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text.split(separator: "\n").count == 2_000)
            #expect(metrics.loop.counts.logRecordsDropped == 0)
            sink.append(record)
            sink.flush()
            #expect(metrics.loop.counts.logRecordsDropped == 1)
        }
    }
}
