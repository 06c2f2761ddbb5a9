internal import AyaServer
internal import AyaTelemetry

/// Aya and the sample servers behind it: Aya's own listeners too, since a route can answer by itself.
final class DemoStage {
    let front: Server
    /// As the operator would have written it.
    let configuration: String
    let ports: DemoPorts
    /// Nil: there are no files.
    let folder: DemoFolder?
    private var samples: [Server?]

    private init(front: Server, configuration: String, ports: DemoPorts, folder: DemoFolder?, samples: [Server]) {
        self.front = front
        self.folder = folder
        self.configuration = configuration
        self.ports = ports
        self.samples = samples
    }

    /// On the usual ports where they are free, else on others.
    static func open(folder: DemoFolder? = nil) throws -> DemoStage {
        do {
            return try open(DemoPorts.usual(), folder)
        } catch is StartError {
            // Somebody took one between the look and the start.
            return try open(DemoPorts.any(), folder)
        }
    }

    private static func open(_ ports: DemoPorts, _ folder: DemoFolder?) throws -> DemoStage {
        let servers = ports.servers.map { "127.0.0.1:\($0)" }
        var configuration = """
            listeners: { web: { bind: "127.0.0.1:\(ports.web)" } }
            pools:
              web:
                servers: [\(servers.joined(separator: ", "))]
                health: { tcp: {}, interval: 1s }
            admin: { bind: 127.0.0.1:\(ports.admin) }
            """
        if let folder {
            configuration += """

                access_log: { file: \(folder.accessLog), rotate: { size: 16MiB, keep: 1 } }
                state: \(folder.state)
                """
            try folder.write(configuration + "\n")
        }
        let samples = try ports.servers.map(startSample)
        let front =
            if let folder {
                try Server.start(Configuration(path: folder.configuration), log: folder.makeLog())
            } else {
                try Server.start(Configuration(text: configuration), log: silent)
            }
        return DemoStage(
            front: front, configuration: configuration, ports: ports, folder: folder, samples: samples)
    }

    /// The figures tell what the log would. One of each server's own: the dashboard shows it.
    private static var silent: Log { Log(level: .error) }

    private static func startSample(on port: UInt16) throws -> Server {
        let text = """
            listeners: { web: { bind: "127.0.0.1:\(port)" } }
            routes: { all: { respond: { status: 200, body: "hello from 127.0.0.1:\(port)\\n" } } }
            workers: 1
            """
        return try Server.start(Configuration(text: text), log: silent)
    }

    /// Ends a sample server like a crash would: connections are cut, whatever runs on them.
    func stopSample(_ index: Int) throws {
        guard let server = samples[index] else { return }
        samples[index] = nil
        try Blocking.run { _ = await server.stop(grace: .zero) }
    }

    func runsSample(_ index: Int) -> Bool { samples[index] != nil }

    func restartSample(_ index: Int) throws {
        if samples[index] == nil { samples[index] = try Self.startSample(on: ports.servers[index]) }
    }

    func close() throws {
        let all = [front] + samples.compactMap { $0 }
        try Blocking.run { for server in all { await server.stop(grace: .seconds(1)) } }
    }

    /// What Aya itself says, as `aya status` asks it.
    func report() -> ServerReport? {
        let body = try? AdminClient(.tcp(host: "127.0.0.1", port: ports.admin)).get("/v1/status")
        return body.flatMap { ServerReport(json: $0) }
    }
}
