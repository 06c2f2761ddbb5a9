internal import AyaCore

/// What a route does to its requests beside its action.
struct RouteTreatment {
    var criticality = Blueprint.Criticality.normal
    var mirror: Blueprint.Mirror?
    var faults: Blueprint.Faults?
    var subset: [String: String] = [:]

    func apply(to route: inout Blueprint.Route) {
        route.criticality = criticality
        route.mirror = mirror
        route.faults = faults
        route.subset = subset
    }
}

extension Translation {
    mutating func treatment(_ map: SectionReader, _ title: String) -> RouteTreatment {
        typealias Keys = Language.Route
        var treatment = RouteTreatment()
        if let word = map.word(Keys.criticality), let criticality = Blueprint.Criticality(rawValue: word) {
            treatment.criticality = criticality
        }
        treatment.mirror = mirror(map, title)
        treatment.faults = faults(map, title)
        treatment.subset = labels(map, Keys.subset)
        if let place = map.keyPlace(Keys.subset), map.node(Keys.subset)?.isEmptyMap == true {
            problems.error("'subset' is empty (without it all servers take the route's work)", at: place)
        }
        guard map.node(Keys.pool) == nil else { return treatment }
        for key in [Keys.mirror, Keys.subset] where !map.isSwitchedOff(key, by: "off") {
            if let place = map.keyPlace(key) {
                problems.error("'\(key.name)' has a meaning with the action 'pool' only", at: place)
            }
        }
        return treatment
    }

    private mutating func mirror(_ map: SectionReader, _ title: String) -> Blueprint.Mirror? {
        typealias Keys = Language.Mirror
        let key = Language.Route.mirror
        guard !map.isSwitchedOff(key, by: "off"), let node = map.node(key) else { return nil }
        if case .scalar = node.content { return mirrorPool(node).map { .init(pool: $0) } }
        guard let map = map.section(key, Keys.section, title: "the mirror of \(title)"),
            let pool = map.node(Keys.pool).flatMap({ mirrorPool($0) })
        else { return nil }
        return Blueprint.Mirror(pool: pool, share: map.share(Keys.share) ?? 1)
    }

    private mutating func mirrorPool(_ node: Node) -> String? {
        guard let pool = reader.text(node, TextForm.poolName.what) else { return nil }
        draft.mirrorPools.append(.init(pool: pool, place: node.place))
        return pool
    }

    private func faults(_ map: SectionReader, _ title: String) -> Blueprint.Faults? {
        typealias Keys = Language.Faults
        guard let map = map.part(Language.Route.faults, Keys.section, title: "the faults of \(title)") else {
            return nil
        }
        var faults = Blueprint.Faults()
        if !map.isSwitchedOff(Keys.delay, by: "none") { faults.delay = map.duration(Keys.delay) }
        if let value = map.share(Keys.delayShare) { faults.delayShare = value }
        if !map.isSwitchedOff(Keys.abort, by: "none") { faults.abort = map.integer(Keys.abort) }
        if let value = map.share(Keys.abortShare) { faults.abortShare = value }
        if map.node(Keys.delay) == nil, map.node(Keys.abort) == nil {
            problems.error("the faults of \(title) have neither 'delay' nor 'abort'", at: map.place)
        }
        for (share, what) in [(Keys.delayShare, Keys.delay), (Keys.abortShare, Keys.abort)] {
            if let place = map.keyPlace(share), map.node(what) == nil {
                problems.error("'\(share.name)' has no meaning without '\(what.name)'", at: place)
            }
        }
        return faults
    }
}

extension Node {
    fileprivate var isEmptyMap: Bool {
        if case .map(let entries) = content { entries.isEmpty } else { false }
    }
}
