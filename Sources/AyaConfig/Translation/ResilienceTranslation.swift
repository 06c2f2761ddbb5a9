internal import AyaCore

extension Translation {
    func retry(_ map: SectionReader, _ title: String) -> Blueprint.Retry {
        typealias Keys = Language.Retry
        var retry = Blueprint.Retry()
        if map.isSwitchedOff(Language.Pool.retry, by: "off") { return Blueprint.Retry(attempts: 1) }
        guard let map = map.section(Language.Pool.retry, Keys.section, title: "the retry of \(title)") else {
            return retry
        }
        if let value = map.integer(Keys.attempts) { retry.attempts = value }
        if let items = map.items(Keys.when) {
            if items.isEmpty { problems.error("'when' is empty (write 'retry: off')", at: map.keyPlace(Keys.when)) }
            retry.when = Set(items.compactMap(retryCondition))
        }
        if let value = map.share(Keys.budget) { retry.budget = value }
        if !map.isSwitchedOff(Keys.perTryTimeout, by: "none") { retry.perTryTimeout = map.duration(Keys.perTryTimeout) }
        return retry
    }

    private func retryCondition(_ node: Node) -> Blueprint.Retry.Condition? {
        let named = Blueprint.Retry.Condition.named
        guard let text = reader.text(node, "a condition such as 'reset', or a status") else { return nil }
        if text.utf8.allSatisfy({ (48...57).contains($0) }) {
            return reader.integer(node, Language.Retry.statuses).map { .status($0) }
        }
        return reader.word(node, named.map(\.word) + ["500 to 599"], noun: "condition").flatMap { word in
            named.first { $0.word == word }?.condition
        }
    }

    func hedge(_ map: SectionReader, _ title: String) -> Blueprint.Hedge {
        typealias Keys = Language.Hedge
        guard let node = map.node(Language.Pool.hedge) else { return .auto }
        if case .scalar = node.content {
            return map.word(Language.Pool.hedge) == "off" ? .off : .auto
        }
        guard let map = map.section(Language.Pool.hedge, Keys.section, title: "the hedge of \(title)") else {
            return .auto
        }
        let budget = map.share(Keys.budget) ?? Blueprint.Hedge.defaultBudget
        guard let after = map.node(Keys.after),
            let text = reader.text(after, "a percentile such as 'p95' or a duration")
        else { return .auto }
        if text.utf8.first == UInt8(ascii: "p") {
            let percentile = reader.parsed(text, at: after.place, PercentileText.parse)
            return percentile.map { .after(.percentile($0), budget: budget) } ?? .auto
        }
        return map.duration(Keys.after).map { .after(.time($0), budget: budget) } ?? .auto
    }

    func breaker(_ map: SectionReader, _ title: String) -> Blueprint.Breaker? {
        typealias Keys = Language.Breaker
        guard let map = map.part(Language.Pool.breaker, Keys.section, title: "the breaker of \(title)") else {
            return nil
        }
        var breaker = Blueprint.Breaker()
        if let value = map.integer(Keys.failures) { breaker.failures = value }
        if !map.isSwitchedOff(Keys.errorRate, by: "none") { breaker.errorRate = map.share(Keys.errorRate) }
        if let value = map.integer(Keys.minRequests) { breaker.minRequests = value }
        if let value = map.duration(Keys.openFor) { breaker.openFor = value }
        if let value = map.boolean(Keys.pool) { breaker.pool = value }
        return breaker
    }

    func queue(_ map: SectionReader, _ title: String) -> Blueprint.Queue? {
        typealias Keys = Language.Queue
        guard let map = map.part(Language.Pool.queue, Keys.section, title: "the queue of \(title)") else { return nil }
        var queue = Blueprint.Queue()
        if let value = map.integer(Keys.limit) { queue.limit = value }
        if let value = map.duration(Keys.timeout) { queue.timeout = value }
        return queue
    }

    func concurrency(_ map: SectionReader, _ title: String) -> Blueprint.Concurrency? {
        typealias Keys = Language.Concurrency
        let key = Language.Pool.concurrency
        guard let node = map.node(key) else { return nil }
        if case .scalar = node.content {
            return map.word(key) == "adaptive" ? .adaptive(.init()) : nil
        }
        guard let map = map.section(key, Keys.section, title: "the concurrency of \(title)") else { return nil }
        let limit = map.integer(Keys.limit)
        var adaptive = Blueprint.AdaptiveConcurrency()
        if let value = map.integer(Keys.minimum) { adaptive.minimum = value }
        if let value = map.integer(Keys.maximum) { adaptive.maximum = value }
        if adaptive.minimum > adaptive.maximum {
            problems.error(
                "'minimum', \(adaptive.minimum), is more than 'maximum', \(adaptive.maximum)",
                at: map.keyPlace(Keys.minimum) ?? map.keyPlace(Keys.maximum))
        }
        guard map.node(Keys.limit) != nil else { return .adaptive(adaptive) }
        for key in [Keys.minimum, Keys.maximum] {
            if let place = map.keyPlace(key) {
                problems.error("'\(key.name)' has no meaning beside 'limit'", at: place)
            }
        }
        return limit.map { .limit($0) }
    }

    mutating func fallback(_ map: SectionReader, _ name: String) -> Blueprint.Fallback? {
        typealias Keys = Language.Fallback
        let key = Language.Pool.fallback
        let title = "the fallback of pool '\(name)'"
        guard !map.isSwitchedOff(key, by: "off"), let node = map.node(key) else { return nil }
        if case .scalar = node.content { return fallbackPool(node, of: name) }
        guard let map = map.section(key, Keys.section, title: title) else { return nil }
        _ = map.only(of: Keys.kinds, title, noun: "answer")
        let pool = map.node(Keys.pool).flatMap { fallbackPool($0, of: name) }
        let response = map.node(Keys.respond).flatMap { respond($0, title) }.map { Blueprint.Fallback.respond($0) }
        var stale: Blueprint.Fallback?
        if let map = map.section(Keys.stale, Language.Stale.section, title: "the stale answers of pool '\(name)'") {
            var answers = Blueprint.StaleAnswers()
            if let value = map.duration(Language.Stale.maxAge) { answers.maxAge = value }
            if let value = map.size(Language.Stale.size) { answers.size = value }
            stale = .stale(answers)
        }
        return pool ?? response ?? stale
    }

    private mutating func fallbackPool(_ node: Node, of name: String) -> Blueprint.Fallback? {
        guard let pool = reader.text(node, TextForm.poolName.what) else { return nil }
        draft.fallbackPools.append(.init(owner: name, reference: .init(pool: pool, place: node.place)))
        return .pool(pool)
    }
}
