/// What series are about: Aya as a whole, or one of its listeners, routes, pools and servers.
///
/// Its name, `pools/web` or `servers/web/127.0.0.1:9001`, with a metric behind it is the name of a series.
package struct Subject: Hashable, Sendable {
    package enum Kind: Sendable {
        case aya, listener, route, pool, server
    }

    package let kind: Kind
    package let name: String

    private init(_ kind: Kind, _ name: String) {
        self.kind = kind
        self.name = name
    }

    package static let aya = Subject(.aya, "aya")
    package static func listener(_ name: String) -> Subject { Subject(.listener, "listeners/\(name)") }
    package static func route(_ name: String) -> Subject { Subject(.route, "routes/\(name)") }
    package static func pool(_ name: String) -> Subject { Subject(.pool, "pools/\(name)") }
    package static func server(_ address: String, of pool: String) -> Subject {
        Subject(.server, "servers/\(pool)/\(address)")
    }

    /// Nil for a text that names no such thing.
    package init?(name: String) {
        let kinds: [(prefix: String, kind: Kind)] = [
            ("listeners/", .listener), ("routes/", .route), ("pools/", .pool), ("servers/", .server),
        ]
        if name == Subject.aya.name {
            self = .aya
        } else if let (prefix, kind) = kinds.first(where: { name.hasPrefix($0.prefix) }), name.count > prefix.count {
            self.init(kind, name)
        } else {
            return nil
        }
    }

    /// In the order in which frames have them.
    package var metrics: [Metric] { Self.metrics(of: kind) }

    static func metrics(of kind: Kind) -> [Metric] {
        switch kind {
        case .aya, .pool, .server: Metric.allCases
        case .listener: [.requests, .errors, .clientErrors, .connections, .bytesIn, .bytesOut]
        case .route: [.requests, .errors, .clientErrors, .latencyMean, .latencyP50, .latencyP99, .inFlight]
        }
    }
}

/// The name of a series: a subject and a metric.
package struct SeriesName: Hashable, Sendable, CustomStringConvertible {
    package let subject: Subject
    package let metric: Metric

    package init(_ subject: Subject, _ metric: Metric) {
        self.subject = subject
        self.metric = metric
    }

    /// `pools/web/requests`; nil for anything else. An address may have slashes of its own.
    package init?(_ text: some StringProtocol) {
        guard let slash = text.lastIndex(of: "/"), let metric = Metric(name: text[text.index(after: slash)...]),
            let subject = Subject(name: String(text[..<slash])), subject.metrics.contains(metric)
        else { return nil }
        self.init(subject, metric)
    }

    package var description: String { "\(subject.name)/\(metric.name)" }
}
