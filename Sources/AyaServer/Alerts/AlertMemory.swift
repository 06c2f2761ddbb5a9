internal import AyaACME
internal import AyaTelemetry

/// What alerts know beyond a restart, in the state directory: silences, and what objectives have counted.
///
/// A silence that ends with the process wakes somebody up for nothing, and a budget that begins anew with every restart
/// allows twice the errors.
struct AlertMemory: Sendable {
    struct Kept: Sendable {
        var silences: [AlertBoard.Silence] = []
        /// By objective.
        var budgets: [String: BudgetHistory] = [:]
    }

    private static let name = "alerts.json"
    private let directory: StateDirectory?

    /// - Parameter path: of the state directory. It need not exist; then nothing is kept.
    init(stateDirectory path: String) { directory = StateDirectory(path) }

    /// What there is of it; what can not be read counts as nothing.
    func read() -> Kept {
        var kept = Kept()
        guard let bytes = try? directory?.read(Self.name), let file = JSONValue(bytes) else { return kept }
        for silence in file["silences"]?.elements ?? [] {
            guard case .number(let until) = silence["until"] else { continue }
            kept.silences.append(
                .init(name: silence["name"]?.string, subject: silence["subject"]?.string, until: until))
        }
        for budget in file["budgets"]?.elements ?? [] {
            guard let objective = budget["objective"]?.string else { continue }
            let counts = (budget["counts"]?.elements ?? []).compactMap { BudgetHistory.Count($0) }
            kept.budgets[objective] = BudgetHistory(counts)
        }
        return kept
    }

    /// Nil when it is on the disk, or there is nowhere to keep it; else why not.
    func write(_ kept: Kept) -> String? {
        guard let directory else { return nil }
        var writer = JSONWriter(Text())
        writer.object { writer in
            writer.array("silences") { writer in for silence in kept.silences { writer.write(silence) } }
            writer.array("budgets") { writer in
                for (objective, budget) in kept.budgets.sorted(by: { $0.key < $1.key }) {
                    writer.object { writer in
                        writer.member("objective", objective)
                        writer.array("counts") { writer in for count in budget.sparse { writer.write(count) } }
                    }
                }
            }
        }
        writer.raw("\n")
        do throws(StateDirectory.Fault) {
            try directory.write(Self.name, writer.sink.bytes)
            return nil
        } catch {
            return error.description
        }
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ silence: AlertBoard.Silence) {
        object { writer in
            if let name = silence.name { writer.member("name", name) }
            if let subject = silence.subject { writer.member("subject", subject) }
            writer.member("until", silence.until)
        }
    }

    fileprivate mutating func write(_ count: BudgetHistory.Count) {
        object { writer in
            writer.member("time", count.time)
            writer.member("requests", count.requests)
            writer.member("errors", count.errors)
        }
    }
}

extension BudgetHistory.Count {
    fileprivate init?(_ value: JSONValue) {
        guard case .number(let time) = value["time"], case .number(let requests) = value["requests"],
            case .number(let errors) = value["errors"]
        else { return nil }
        self.init(time: time, requests: requests, errors: errors)
    }
}
