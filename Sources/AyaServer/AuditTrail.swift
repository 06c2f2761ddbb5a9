internal import AyaAdmin
internal import AyaReactor
internal import AyaTelemetry
internal import Synchronization

/// The latest changes that were asked for through the admin API, or that the brain made: by whom, what, and what came
/// of it. Each also stands in the log and, where there is a state directory, in a file that keeps them for good.
final class AuditTrail: Sendable {
    private static let length = 1_000
    private let entries: Mutex<[AuditEntry]>
    private let file: AuditFile

    init(_ file: AuditFile) {
        self.file = file
        entries = Mutex(file.latest(Self.length).compactMap(AuditEntry.init(json:)))
    }

    var all: [AuditEntry] { entries.withLock { $0 } }
    /// Why the latest change is not on the disk; nil when it is.
    var problem: String? { file.problem }

    func note(
        _ kind: WantedChange.Kind, by author: Author, _ outcome: ChangeOutcome, before: Int, after: Int
    ) async {
        var entry = AuditEntry(
            time: Self.now(), author: author, action: "\(kind)", generationBefore: before, generationAfter: after,
            changes: [], problems: [])
        switch outcome {
        case .made(let report): entry.changes = report.changes
        case .refused(let refusal): entry.problems = refusal.problems
        }
        await keep(entry)
    }

    /// What was done without being asked for.
    ///
    /// - Parameter reason: what it was concluded from.
    func note(
        _ action: String, by author: Author, because reason: String, changes: [String], problems: [String],
        generation: Int
    ) async {
        await keep(
            AuditEntry(
                time: Self.now(), author: author, action: action, reason: reason, generationBefore: generation,
                generationAfter: generation, changes: changes, problems: problems))
    }

    private func keep(_ entry: AuditEntry) async {
        entries.withLock { entries in
            entries.append(entry)
            if entries.count > Self.length { entries.removeFirst(entries.count - Self.length) }
        }
        let line = entry.json
        // On a thread of its own: a disk may take its time, and the control plane has few threads.
        await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
            let thread = PlainThread { [file] in
                file.append(line)
                done.resume()
            }
            if !thread.start() { done.resume() }
        }
    }

    private static func now() -> String {
        var text = Text()
        var timestamp = Timestamp()
        timestamp.append(Machine.wallClock(), to: &text)
        return text.string
    }
}
