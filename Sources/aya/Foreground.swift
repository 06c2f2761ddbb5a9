internal import ArgumentParser
internal import AyaServer
internal import AyaTelemetry

/// Runs a server until a signal ends it.
enum Foreground {
    static func run(_ configuration: Configuration, signals: Signals) async throws {
        let server: Server
        do {
            server = try Server.start(configuration)
        } catch {
            StandardError.write("error: \(error)")
            throw ExitCode(1)
        }
        for (name, address) in server.addresses.sorted(by: { $0.key < $1.key }) {
            Log.standard.info("listening", ["listener": name, "address": address])
        }
        for await request in signals.requests {
            switch request {
            case .reload: server.reopenLogs()
            case .stop:
                await server.stop()
                return
            }
        }
    }
}
