package import AyaBalance
internal import AyaCore
internal import Synchronization

/// What the servers of one pool were found to say of their load, from the thread that polls them to all workers.
///
/// Words without a lock, as on the `PoolBoard`: a worker may see half of one report and half of the next, which harms
/// nobody.
@safe package final class LoadBoard: @unchecked Sendable {
    private let serverCount: Int
    // Safe: the pointer never changes and what it points to is atomic.
    private let words: UnsafeMutablePointer<Atomic<UInt64>>
    private let versions = Atomic<Int>(0)

    /// Of one server: how many reports there were, then the fields of the latest; all ones stand for "not said".
    private static let fields = 6
    private static let unsaid = UInt64.max

    package init(servers: Int) {
        serverCount = servers
        unsafe words = .allocate(capacity: max(1, servers * Self.fields))
        for index in 0..<servers * Self.fields {
            unsafe (words + index).initialize(to: Atomic(index % Self.fields == 0 ? 0 : Self.unsaid))
        }
    }

    deinit {
        unsafe words.deinitialize(count: serverCount * Self.fields)
        unsafe words.deallocate()
    }

    /// To be called by the polling thread alone.
    package func tell(_ report: LoadReport, of server: Int) {
        let first = server * Self.fields
        let values = [
            report.cpu?.bitPattern, report.memory?.bitPattern, report.io?.bitPattern,
            report.inFlight.map { UInt64(clamping: $0) }, report.latency.map { UInt64(clamping: $0.nanoseconds) },
        ]
        for (index, value) in values.enumerated() {
            unsafe words[first + 1 + index].store(value ?? Self.unsaid, ordering: .relaxed)
        }
        unsafe words[first].add(1, ordering: .releasing)
        versions.add(1, ordering: .releasing)
    }

    private func number(of server: Int) -> UInt64 {
        unsafe words[server * Self.fields].load(ordering: .acquiring)
    }

    private func report(of server: Int) -> LoadReport {
        func word(_ field: Int) -> UInt64? {
            let value = unsafe words[server * Self.fields + field].load(ordering: .relaxed)
            return value == Self.unsaid ? nil : value
        }
        return LoadReport(
            cpu: word(1).map { Double(bitPattern: $0) }, memory: word(2).map { Double(bitPattern: $0) },
            io: word(3).map { Double(bitPattern: $0) }, inFlight: word(4).map { Int(clamping: $0) },
            latency: word(5).map { Interval(nanoseconds: Int64(clamping: $0)) })
    }

    /// How far one worker has read.
    struct Reader {
        private let board: LoadBoard
        private var version = 0
        private var numbers: ContiguousArray<UInt64>

        init(_ board: LoadBoard) {
            self.board = board
            numbers = ContiguousArray(repeating: 0, count: board.serverCount)
        }

        /// Hands on what is new.
        mutating func deliver(to choices: ServerChoices, now: Instant) {
            let latest = board.versions.load(ordering: .acquiring)
            guard latest != version else { return }
            version = latest
            for server in 0..<board.serverCount {
                let number = board.number(of: server)
                guard number != numbers[server] else { continue }
                numbers[server] = number
                choices.report(board.report(of: server), of: server, now: now)
            }
        }
    }
}
