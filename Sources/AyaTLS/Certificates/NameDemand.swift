internal import AyaReactor
internal import Synchronization

/// Names that clients ask for and no certificate has: each is put once to whoever may get one, and the handshakes wait
/// meanwhile.
///
/// Strangers choose the names, so all of it is bounded: how many are looked into at once, how many handshakes wait, and
/// how long a refusal is remembered. Beyond that a name is unknown, as without any of this.
package final class NameDemand: Sendable {
    private let state = Mutex(State())

    private struct State {
        var sleepers: [String: [ObjectIdentifier: Sleeper]] = [:]
        var sleeping = 0
        /// Until when, in seconds since 1970.
        var refused: [String: Int64] = [:]
        var tell: (@Sendable (String) -> Void)?
    }

    /// Who waits for a name.
    private struct Sleeper: @unchecked Sendable {
        // Safe: the waiter is touched again only on its worker, by the message.
        let waiter: Waiter
        let executor: WorkerExecutor

        func wake() {
            let sleeper = self
            executor.post { _ in sleeper.waiter.wake() }
        }
    }

    private static let mostNames = 64
    private static let mostSleepers = 1024
    private static let mostRefused = 4096

    package init() {}

    /// Names are told to `tell` from now on, from any thread; nil: to nobody, and none is waited for.
    package func listen(_ tell: (@Sendable (String) -> Void)?) {
        let left: [Sleeper] = state.withLock { state in
            state.tell = tell
            guard tell == nil else { return [] }
            let left = state.sleepers.values.flatMap(\.values)
            state.sleepers = [:]
            state.sleeping = 0
            return left
        }
        for sleeper in left { sleeper.wake() }
    }

    /// Whether the handshake is to wait for the name; it is woken when that is settled.
    func waits(for name: String, _ waiter: Waiter?, now: Int64) -> Bool {
        guard let waiter, Self.isHost(name) else { return false }
        let sleeper = Sleeper(waiter: waiter, executor: waiter.worker.executor)
        let (waits, tell): (Bool, (@Sendable (String) -> Void)?) = state.withLock { state in
            guard let tell = state.tell else { return (false, nil) }
            if let until = state.refused[name] {
                if until > now { return (false, nil) }
                state.refused[name] = nil
            }
            let isNew = state.sleepers[name] == nil
            let isKnown = state.sleepers[name]?[ObjectIdentifier(waiter)] != nil
            guard isKnown || state.sleeping < Self.mostSleepers, !isNew || state.sleepers.count < Self.mostNames else {
                return (false, nil)
            }
            if !isKnown { state.sleeping += 1 }
            state.sleepers[name, default: [:]][ObjectIdentifier(waiter)] = sleeper
            return (true, isNew ? tell : nil)
        }
        tell?(name)
        return waits
    }

    /// There is a certificate for the name now, or there will be none for that many seconds.
    package func settle(_ name: String, refusedFor seconds: Int64?, now: Int64) {
        let woken: [Sleeper] = state.withLock { state in
            if let seconds {
                // When there is no room, the oldest refusals are not worth more than the newest one.
                if state.refused.count >= Self.mostRefused { state.refused = state.refused.filter { $0.value > now } }
                if state.refused.count >= Self.mostRefused { state.refused = [:] }
                state.refused[name] = now + seconds
            }
            let woken = state.sleepers.removeValue(forKey: name).map { Array($0.values) } ?? []
            state.sleeping -= woken.count
            return woken
        }
        for sleeper in woken { sleeper.wake() }
    }

    /// A name that an authority could give a certificate for: labels of letters, digits and hyphens, at least two, the
    /// last of them no number (RFC 1123 section 2.1). In lower case.
    static func isHost(_ name: String) -> Bool {
        guard (4...253).contains(name.utf8.count) else { return false }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count > 1, let last = labels.last, !last.utf8.allSatisfy({ (48...57).contains($0) }) else {
            return false
        }
        return labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                && label.utf8.allSatisfy { byte in
                    (48...57).contains(byte) || (97...122).contains(byte) || byte == UInt8(ascii: "-")
                }
        }
    }
}
