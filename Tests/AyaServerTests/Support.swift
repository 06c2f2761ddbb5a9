internal import AyaConfig
internal import AyaCore
internal import AyaServer
internal import AyaTelemetry
internal import AyaTestSupport

/// A server whose listeners are on loopback ports of the system's choice, without a word on standard error.
func startServer(
    _ listeners: [String] = ["web"], routes: [Blueprint.Route] = [], pools: [Blueprint.Pool] = [],
    hasAdmin: Bool = false
) throws -> Server {
    let blueprint = Blueprint(
        listeners: listeners.map { Blueprint.Listener(name: $0, bind: .loopback()) }, routes: routes, pools: pools,
        admin: hasAdmin ? Blueprint.Admin(bind: .loopback()) : nil, workers: .exactly(2))
    return try start(blueprint)
}

func start(_ blueprint: Blueprint) throws -> Server {
    let silent = Log(level: .error, format: .json, limit: .init(), clock: { 0 }, output: { _ in })
    return try Server.start(Configuration(blueprint: blueprint), log: silent)
}

extension Endpoint {
    static func loopback(_ port: UInt16 = 0) -> Endpoint { .address(SocketAddress(ip: .loopback, port: port)) }
}

extension Blueprint.Route {
    /// Answers everything itself.
    static func answering(_ text: String) -> Blueprint.Route {
        Blueprint.Route(name: "all", action: .respond(.init(status: 200, body: text)))
    }

    static func forwarding(to pool: String) -> Blueprint.Route {
        Blueprint.Route(name: "all", action: .forward([.init(pool: pool, weight: 1)]))
    }
}

extension Server {
    func address(_ listener: String = "web") throws -> SocketAddress {
        guard let address = addresses[listener].flatMap({ SocketAddress($0) }) else { throw NotListening() }
        return address
    }

    struct NotListening: Error {}

    func ask(_ path: String = "/", of listener: String = "web") async throws -> String? {
        await answer(to: path, at: try address(listener))
    }
}

/// The whole answer to one request on a connection of its own; nil when nobody takes it.
func answer(to path: String, at address: SocketAddress) async -> String? {
    await Background {
        guard let peer = try? Peer(to: address) else { return nil }
        peer.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        var answer: [UInt8] = []
        while case .bytes(let more) = peer.receive() { answer += more }
        return String(decoding: answer, as: UTF8.self)
    }.value
}
