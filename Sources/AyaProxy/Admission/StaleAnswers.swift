internal import AyaCore

/// The last good answers of a pool, for the time when it has none: the bytes of the newest few megabytes, by what was
/// asked.
///
/// Not a cache: an answer from here is given only where the alternative is an error. The oldest go first.
final class StaleAnswers {
    struct Answer {
        /// What was asked; the table's key is only its hash.
        let request: [UInt8]
        /// Lines that end in CRLF.
        let fields: [UInt8]
        let body: [UInt8]
        let since: Instant
        fileprivate let number: Int

        fileprivate var size: Int { request.count + fields.count + body.count + 128 }
    }

    /// Larger answers are not kept.
    static let longest = 48 << 10
    /// An answer is taken again no sooner than this, so that keeping costs a busy pool nothing worth mentioning.
    private static let freshness = Interval.seconds(1)

    private let maxAge: Interval
    private let capacity: Int
    private var answers: [UInt64: Answer] = [:]
    /// In the order in which they came; those that were replaced since are still in it.
    private var order: ContiguousArray<(key: UInt64, number: Int)> = []
    private var first = 0
    private var size = 0
    private var latest = 0

    init(maxAge: Interval, capacity: Int) {
        self.maxAge = maxAge
        self.capacity = max(0, capacity)
    }

    /// Whether an answer to this would be kept.
    func wants(_ key: UInt64, now: Instant) -> Bool {
        guard let known = answers[key] else { return true }
        return now - known.since >= Self.freshness
    }

    func keep(_ key: UInt64, request: [UInt8], fields: [UInt8], body: [UInt8], now: Instant) {
        latest += 1
        let answer = Answer(request: request, fields: fields, body: body, since: now, number: latest)
        guard answer.size <= capacity else { return }
        drop(key)
        answers[key] = answer
        order.append((key, latest))
        size += answer.size
        while size > capacity { dropFirst() }
        if order.count > 2 * answers.count + 64 { compact() }
    }

    func find(_ key: UInt64, request: [UInt8], now: Instant) -> Answer? {
        guard let answer = answers[key], answer.request == request else { return nil }
        guard now - answer.since <= maxAge else {
            drop(key)
            return nil
        }
        return answer
    }

    var count: Int { answers.count }

    private func dropFirst() {
        guard first < order.count else { return }
        let (key, number) = order[first]
        first += 1
        if answers[key]?.number == number { drop(key) }
    }

    /// Forgets those in the order that went or were replaced.
    private func compact() {
        order = ContiguousArray(order[first...].filter { answers[$0.key]?.number == $0.number })
        first = 0
    }

    private func drop(_ key: UInt64) {
        guard let answer = answers.removeValue(forKey: key) else { return }
        size -= answer.size
    }
}
