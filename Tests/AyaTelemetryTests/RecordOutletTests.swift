internal import AyaCore
internal import AyaTelemetry
internal import AyaTestSupport
internal import Foundation
internal import Synchronization
internal import Testing

@Suite struct RecordOutletTests {
    /// What the log told the diagnostics.
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
        let directory = URL(filePath: NSTemporaryDirectory()).appending(path: "aya-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try body(directory.appending(path: "access.log").path)
    }

    static let plain = (try? LogTemplate("{aya.listener}")).map(LogFormat.template) ?? .json

    static func log(_ sink: sending any LogSink, queueLimit: Int = 64, heard: Heard = Heard()) -> RecordOutlet {
        RecordOutlet("access", LogSelection(), LineFormatter(plain), to: sink, queueLimit: queueLimit, log: heard.log)
    }

    static func record(_ listener: String) -> AccessRecord {
        var record = AccessRecord()
        unsafe record.listener = lasting(listener)
        return record
    }

    static func write(_ listeners: String..., to log: RecordOutlet) {
        let hub = RecordHub([log])
        for listener in listeners {
            let block = hub.emptyBlock()
            #expect(block.append(record(listener)))
            hub.submit(block)
        }
    }

    @Test func writesInOrderAndReopens() throws {
        try Self.withFile { path in
            let log = Self.log(try FileSink(path: path))
            Self.write("one", "two", to: log)
            #expect(log.flush())
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "one\ntwo\n")
            try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
            log.reopen()
            Self.write("three", to: log)
            log.close()
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "three\n")
            Self.write("late", to: log)
            #expect(log.counts.records == 3 && log.counts.dropped == 1)
            let permissions = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect((permissions ?? 0) & 0o137 == 0)
        }
    }

    @Test func missingDirectoryIsAnError() {
        #expect(throws: FileSink.OpenError.self) { try FileSink(path: "/nonexistent/access.log") }
    }

    /// A full disk: said once, the queue fills, workers are refused and never wait, closing gives up and counts.
    @Test func fullDiskLosesRecordsOnly() throws {
        let heard = Heard()
        let log = Self.log(try FileSink(path: "/dev/full"), queueLimit: 4, heard: heard)
        for _ in 0..<20 { Self.write("x", to: log) }
        #expect(!log.flush(patience: .milliseconds(20)))
        #expect(heard.count == 1)
        #expect((15...16).contains(log.counts.dropped))
        log.close()
        #expect(log.counts.dropped == 20)
        #expect(log.counts.records == 0)
    }

    @Test func filesAreRotatedBySizeAndKept() throws {
        try Self.withFile { path in
            let log = Self.log(try FileSink(path: path, rotation: LogRotation(size: 4, keep: 2)))
            for name in ["one", "two", "three", "four"] {
                Self.write(name, to: log)
                #expect(log.flush())
            }
            log.close()
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "four\n")
            #expect(try String(contentsOfFile: path + ".1", encoding: .utf8) == "three\n")
            #expect(try String(contentsOfFile: path + ".2", encoding: .utf8) == "two\n")
            #expect(!FileManager.default.fileExists(atPath: path + ".3"))
        }
    }

    @Test func filesOfAnotherDayAreRotated() throws {
        try Self.withFile { path in
            try Data("old\n".utf8).write(to: URL(filePath: path))
            let yesterday = Date(timeIntervalSinceNow: -86_400)
            try FileManager.default.setAttributes([.modificationDate: yesterday], ofItemAtPath: path)
            let log = Self.log(try FileSink(path: path, rotation: LogRotation(age: 86_400)))
            Self.write("new", to: log)
            log.close()
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "new\n")
            #expect(try String(contentsOfFile: path + ".1", encoding: .utf8) == "old\n")
        }
    }

    /// Two logs read the same blocks, each at its own pace and each what it selects.
    @Test func logsAreIndependent() throws {
        try Self.withFile { path in
            let fine = Self.log(try FileSink(path: path))
            let stuck = Self.log(try FileSink(path: "/dev/full"), queueLimit: 1)
            let other = RecordOutlet(
                "other", LogSelection(listeners: ["b"]), LineFormatter(Self.plain),
                to: try FileSink(path: path + "-b"), log: Heard().log)
            let hub = RecordHub([stuck, fine, other])
            let recorder = Recorder(hub)
            for round in 0..<3_000 { recorder.append(Self.record(round % 3 == 0 ? "b" : "a")) }
            recorder.flush()
            fine.close()
            other.close()
            stuck.close()
            #expect(try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").count == 3_000)
            #expect(try String(contentsOfFile: path + "-b", encoding: .utf8).split(separator: "\n").count == 1_000)
            #expect(fine.counts.records == 3_000 && fine.counts.dropped == 0)
            #expect(stuck.counts.dropped == 3_000)
        }
    }
}
