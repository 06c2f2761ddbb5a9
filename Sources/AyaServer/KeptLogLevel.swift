internal import AyaTelemetry

/// The level of the log that an operator wants from the next start on, in the state directory.
struct KeptLogLevel: Sendable {
    private static let name = "log-level"
    private let directory: StateDirectory?

    /// - Parameter path: of the state directory. It need not exist; then nothing is kept.
    init(stateDirectory path: String) { directory = StateDirectory(path) }

    /// Nil when there is none.
    var kept: Log.Level? {
        guard let bytes = try? directory?.read(Self.name) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        return Log.Level.allCases.first { text == "\($0.name)\n" }
    }

    /// Nil when it is on the disk; else why not. The usual level needs no file.
    func keep(_ level: Log.Level) -> String? {
        guard let directory else { return "there is no state directory" }
        guard level != .info else {
            directory.remove(Self.name)
            return nil
        }
        do throws(StateDirectory.Fault) {
            try directory.write(Self.name, Array("\(level.name)\n".utf8))
            return nil
        } catch {
            return error.description
        }
    }

    /// Goes on with what was kept.
    func apply(to log: Log) {
        guard let kept, kept != log.level else { return }
        log.notice("log level as it was kept", ["level": kept.name])
        log.level = kept
    }
}
