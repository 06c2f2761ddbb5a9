internal import AyaConfig
internal import AyaReactor
internal import AyaTelemetry
internal import Synchronization

/// The last generations, for whoever wants to know what changed, or to go back. Kept in the state directory where there
/// is one, else for as long as the process lives.
final class GenerationHistory: Sendable {
    static let length = 20
    private static let directoryName = "generations"

    private let state: Mutex<[GenerationRecord]>
    private let directory: StateDirectory?
    private let log: Log

    /// Reads what earlier processes kept; what can not be read is passed over, with a warning.
    init(stateDirectory path: String, log: Log) {
        self.log = log
        var records: [GenerationRecord] = []
        var found: StateDirectory?
        do throws(StateDirectory.Fault) {
            found = try StateDirectory(path)?.subdirectory(Self.directoryName)
            for name in try found?.names() ?? [] where name.hasSuffix(".yaml") {
                guard let file = try found?.read(name), let record = GenerationRecord(file: file) else {
                    log.warning("a generation can not be read", ["file": "\(path)/\(Self.directoryName)/\(name)"])
                    continue
                }
                records.append(record)
            }
        } catch {
            log.warning("generations are not kept", ["reason": error.description])
        }
        directory = found
        state = Mutex(Array(records.sorted { $0.number < $1.number }.suffix(Self.length)))
    }

    /// From the oldest to the newest.
    var all: [GenerationRecord] { state.withLock { $0 } }

    subscript(_ number: Int) -> GenerationRecord? { state.withLock { $0.first { $0.number == number } } }

    /// The number for a configuration that starts: that of the latest generation when it is the same.
    func startNumber(_ blueprint: Blueprint) -> Int {
        guard let last = all.last else { return 1 }
        return last.text == Expander.expand(blueprint) ? last.number : last.number + 1
    }

    /// Remembers a generation that runs now. It blocks until it is on the disk; what can not be written is said, and
    /// remembered in memory all the same.
    func add(_ number: Int, _ blueprint: Blueprint, origin: String, summary: String) {
        guard self[number] == nil else { return }
        let record = GenerationRecord(
            number: number, time: Machine.wallClock(), origin: origin, summary: summary,
            text: Expander.expand(blueprint))
        let forgotten = state.withLock { records in
            records.append(record)
            let surplus = records.prefix(max(0, records.count - Self.length))
            records.removeFirst(surplus.count)
            return Array(surplus)
        }
        guard let directory else { return }
        do throws(StateDirectory.Fault) {
            try directory.write(record.fileName, record.fileBytes)
            for old in forgotten { directory.remove(old.fileName) }
        } catch {
            log.warning("a generation is not kept", ["reason": error.description])
        }
    }
}
