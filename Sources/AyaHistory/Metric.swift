/// What is kept of a listener, route, pool or server, by a number that files know too: numbers stay what they are.
///
/// Base units; rates are per second.
package enum Metric: UInt8, CaseIterable, Sendable {
    /// Finished exchanges, or ended sessions and flows, per second.
    case requests = 1
    /// Of those: answered with 5xx, or failed by blame of the server or of Aya.
    case errors = 2
    /// Of those: answered with 4xx, or failed by blame of the client.
    case clientErrors = 3
    /// Seconds; of those that ended in this time.
    case latencyMean = 4
    case latencyP50 = 5
    case latencyP99 = 6
    /// Exchanges, sessions and flows that run.
    case inFlight = 7
    /// Open connections.
    case connections = 8
    /// Bytes per second, received and sent by Aya.
    case bytesIn = 9
    case bytesOut = 10
    /// Servers that take work.
    case serversAvailable = 11
    /// Share of what it could do, 0 to 1.
    case saturation = 12

    /// The last part of a series' name.
    package var name: String {
        switch self {
        case .requests: "requests"
        case .errors: "errors"
        case .clientErrors: "client_errors"
        case .latencyMean: "latency_mean"
        case .latencyP50: "latency_p50"
        case .latencyP99: "latency_p99"
        case .inFlight: "in_flight"
        case .connections: "connections"
        case .bytesIn: "bytes_in"
        case .bytesOut: "bytes_out"
        case .serversAvailable: "servers_available"
        case .saturation: "saturation"
        }
    }

    private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.name, $0) })

    package init?(name: some StringProtocol) {
        guard let found = Self.byName[String(name)] else { return nil }
        self = found
    }

    /// Whether a coarser value weighs each second by its requests: a slow second with one request says little about
    /// the minute.
    var isWeighedByRequests: Bool {
        switch self {
        case .latencyMean, .latencyP50, .latencyP99: true
        case .requests, .errors, .clientErrors, .inFlight, .connections, .bytesIn, .bytesOut, .serversAvailable,
            .saturation:
            false
        }
    }
}
