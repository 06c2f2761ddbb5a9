/// A pool as an importer understood it.
struct PlannedPool {
    struct Server: Equatable {
        var address: String
        var weight: Int?
        var maxConnections: Int?
        var isBackup = false
        var priority: Int?
        var zone: String?
        var labels: [String: String] = [:]
        var origin: Origin

        init(_ address: String, origin: Origin) {
            self.address = address
            self.origin = origin
        }
    }

    enum Hash: Equatable {
        case sourceIP, path
        case header(String)
        case cookie(String)
        case query(String)
    }

    struct Health: Equatable {
        enum Check: Equatable {
            case http(path: String, method: String?, host: String?, status: [String], body: String?)
            case tcp(send: String?, expect: String?)
            case grpc(service: String?)
        }

        var check: Check
        /// Header fields of an HTTP check.
        var headers: [(name: String, value: String)] = []
        var interval: Int64?
        var fastInterval: Int64?
        var timeout: Int64?
        var rise: Int?
        var fall: Int?
        var port: Int?

        init(_ check: Check) { self.check = check }

        static func == (left: Self, right: Self) -> Bool {
            left.check == right.check && left.interval == right.interval && left.timeout == right.timeout
                && left.rise == right.rise && left.fall == right.fall && left.port == right.port
                && left.fastInterval == right.fastInterval && left.headers.map(\.name) == right.headers.map(\.name)
                && left.headers.map(\.value) == right.headers.map(\.value)
        }
    }

    enum Outliers: Equatable {
        case off
        case on(failures: Int?, ejectFor: Int64?, maxEjected: Int?, interval: Int64?)
    }

    enum Persistence: Equatable {
        /// Aya's own cookie. `maxAge` in milliseconds.
        case cookie(name: String, maxAge: Int64?)
        /// The application's.
        case follow(name: String, ttl: Int64?)
        case sourceIP(ttl: Int64?, entries: Int?)
        case header(String, ttl: Int64?)
        case query(String, ttl: Int64?)
        case tlsSession
    }

    struct Retry: Equatable {
        var attempts: Int?
        var when: [String] = []
        var perTryTimeout: Int64?
    }

    struct TLS: Equatable {
        /// `insecure`, or a file; nil: those that the system trusts.
        var verify: String?
        var sni: String?
        var clientCert: String?
        var clientKey: String?
    }

    enum Concurrency: Equatable {
        case adaptive
        case limit(Int)
    }

    var name: String
    var servers: [Server] = []
    var balance: String?
    var hash: Hash?
    var health: Health?
    var outliers: Outliers?
    var persistence: Persistence?
    var slowStart: Int64?
    var connectTimeout: Int64?
    var responseTimeout: Int64?
    var idleTimeout: Int64?
    var retry: Retry?
    var breaker: (failures: Int?, openFor: Int64?)?
    /// Waiting requests and how long one may wait.
    var queue: (limit: Int?, timeout: Int64?)?
    var concurrency: Concurrency?
    /// Another pool, or a status to answer with.
    var fallbackPool: String?
    var serverProtocol: String?
    var idleConnections: Int?
    var proxyProtocol: String?
    var tls: TLS?
    var origin: Origin

    init(name: String, origin: Origin) {
        self.name = name
        self.origin = origin
    }
}
