internal import FoundationEssentials

/// What `/v1/status` tells, as far as the command line shows it.
struct ServerReport: Decodable {
    var version: String
    var generation: Int
    var state: String
    var uptimeSeconds: Double
    var workers: Int
    /// Those that take no turns any more. An older server tells none.
    var silentWorkers: [Int]?
    var listeners: [Listener]
    var pools: [Pool]
    /// An older server tells none of these.
    var routes: [Route]?
    var certificates: [Certificate]?

    struct Certificate: Decodable {
        var listener: String
        var certificate: String
        var secondsLeft: Double
        var problem: String?
    }

    struct Listener: Decodable {
        var name: String
        var `protocol`: String
        var address: String
        var connectionsOpen: Int
        var connectionsAccepted: Int
        var flowsOpen: Int
        var requests: Int
        var bytesReceived: Int
        var bytesSent: Int
    }

    struct Route: Decodable {
        var name: String
        var inFlight: Int
        /// By class: `2xx`.
        var requests: [String: Int]
        var durationSeconds: Quantiles
    }

    struct Pool: Decodable {
        var name: String
        var balance: String
        var retries: Int
        /// Verdicts speak against so many servers that they are ignored.
        var panic: Bool?
        var servers: [Server]
    }

    struct Server: Decodable {
        var address: String
        var weight: Int
        var state: String
        /// RFC 3339.
        var since: String?
        var reason: String?
        var inFlight: Int
        var connectionsIdle: Int
        var connects: Int
        /// By class: `2xx`.
        var requests: [String: Int]
        /// By reason, of attempts that did not succeed.
        var failures: [String: Int]
        var firstByteSeconds: Quantiles

        var requestCount: Int { requests.values.reduce(0, +) }
        /// Attempts without a usable answer, and answers that admit a failure.
        var errorCount: Int { failures.values.reduce(0, +) + (requests["5xx"] ?? 0) }
    }

    /// Nil while nothing was counted.
    struct Quantiles: Decodable {
        var p50: Double?
        var p99: Double?
    }

    /// Nil when it is something else.
    init?(json: [UInt8]) {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let report = try? decoder.decode(ServerReport.self, from: Data(json)) else { return nil }
        self = report
    }
}
