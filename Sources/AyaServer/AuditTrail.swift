internal import AyaAdmin
internal import AyaReactor
internal import AyaTelemetry
internal import Synchronization

/// The latest changes that were asked for through the admin API: by whom, what, and what came of it. Each also stands
/// in the log, which keeps them for good.
final class AuditTrail: Sendable {
    private static let length = 1_000
    private let entries = Mutex<[AuditEntry]>([])

    var all: [AuditEntry] { entries.withLock { $0 } }

    func note(
        _ kind: WantedChange.Kind, by author: Author, _ outcome: ChangeOutcome, before: Int, after: Int
    ) {
        var entry = AuditEntry(
            time: Self.now(), author: author, action: "\(kind)", generationBefore: before, generationAfter: after,
            changes: [], problems: [])
        switch outcome {
        case .made(let report): entry.changes = report.changes
        case .refused(let refusal): entry.problems = refusal.problems
        }
        entries.withLock { entries in
            entries.append(entry)
            if entries.count > Self.length { entries.removeFirst(entries.count - Self.length) }
        }
    }

    private static func now() -> String {
        var text = Text()
        var timestamp = Timestamp()
        timestamp.append(Machine.wallClock(), to: &text)
        return text.string
    }
}
