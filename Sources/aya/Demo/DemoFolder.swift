internal import AyaReactor
internal import AyaTelemetry
internal import FoundationEssentials
internal import Glibc

/// The files of a demonstration that stays: a configuration to change, and the logs. It is gone with the demonstration.
struct DemoFolder {
    let path: String

    var configuration: String { "\(path)/aya.yaml" }
    var log: String { "\(path)/aya.log" }
    var accessLog: String { "\(path)/access.log" }
    var state: String { "\(path)/state" }

    static func make() throws -> DemoFolder {
        let base = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        var template = Array("\(base)/aya-demo-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else {
            throw Exit.failure("no directory can be made in '\(base)': \(SystemReason.last)")
        }
        let folder = DemoFolder(
            path: String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
        guard unsafe mkdir(folder.state, 0o700) == 0 else { throw Exit.failure("no directory: \(SystemReason.last)") }
        return folder
    }

    func write(_ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: configuration))
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// What Aya would write to standard error, which has the figures here.
    func makeLog() -> Log {
        let descriptor = unsafe open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        return Log(
            level: .info, format: .text(isColoured: false), limit: .init(), clock: { Machine.wallClock() },
            output: { line in _ = unsafe Glibc.write(descriptor, line, line.count) })
    }
}
