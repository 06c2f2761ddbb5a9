internal import ArgumentParser
internal import AyaServer
internal import AyaTelemetry
internal import Glibc

/// Runs a server until a signal ends it.
enum Foreground {
    static func run(_ configuration: Configuration, signals: Signals) async throws {
        let server: Server
        do {
            server = try Server.start(configuration)
        } catch {
            throw Exit.failure("\(error)")
        }
        for (name, address) in server.addresses.sorted(by: { $0.key < $1.key }) {
            Log.standard.info("listening", ["listener": name, "address": address])
        }
        for await request in signals.requests {
            switch request {
            case .reload:
                server.reopenLogs()
                Log.standard.notice("reopened the logs; reloading the configuration is not supported yet")
            case .stop:
                let impatience = Task.detached { await exitAtNextStop(signals) }
                await server.stop()
                impatience.cancel()
                return
            }
        }
    }

    /// Whoever asks a second time does not want to wait for the drain.
    private static func exitAtNextStop(_ signals: Signals) async {
        for await request in signals.requests where request == .stop {
            Log.standard.warning("stopped without waiting for what was running")
            exit(Exit.failed.rawValue)
        }
    }
}
