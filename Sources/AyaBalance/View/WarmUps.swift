internal import AyaCore

/// Servers that came back lately and take their share little by little: caches are cold, code is not compiled yet,
/// and a server with nothing in flight would otherwise draw every request at once.
struct WarmUps {
    /// Where a server begins, in percent of its weight.
    private static let least = 10
    /// How often shares grow, at most.
    private static let step = Interval.milliseconds(100)

    /// `since` is nil until the first step: a change of holds has no time.
    private var running: ContiguousArray<(server: Int, since: Instant?)> = []
    private var percents: ContiguousArray<UInt8>
    private var nextStep = Instant(nanoseconds: 0)

    init(capacity: Int) { percents = ContiguousArray(repeating: 100, count: capacity) }

    @inline(__always) var isEmpty: Bool { running.isEmpty }

    func percent(of server: Int) -> Int { Int(percents[server]) }

    mutating func begin(_ server: Int) {
        running.removeAll { $0.server == server }
        running.append((server: server, since: nil))
        percents[server] = UInt8(Self.least)
        nextStep = Instant(nanoseconds: 0)
    }

    /// False when the other has it warm.
    mutating func adopt(_ server: Int, from other: WarmUps, at position: Int) -> Bool {
        guard let known = other.running.first(where: { $0.server == position }) else { return false }
        running.removeAll { $0.server == server }
        running.append((server: server, since: known.since))
        percents[server] = other.percents[position]
        nextStep = Instant(nanoseconds: 0)
        return true
    }

    /// The servers whose percentage may have changed.
    mutating func advance(_ now: Instant, window: Interval) -> ContiguousArray<Int> {
        guard now >= nextStep else { return [] }
        nextStep = now + Self.step
        let servers = ContiguousArray(running.map(\.server))
        for index in running.indices {
            guard let since = running[index].since else {
                running[index].since = now
                continue
            }
            let grown = Double((now - since).nanoseconds) / Double(max(1, window.nanoseconds)) * 100
            percents[running[index].server] = UInt8(min(100, max(Double(Self.least), grown)))
        }
        running.removeAll { percents[$0.server] >= 100 }
        return servers
    }
}
