internal import ArgumentParser
internal import AyaReactor
internal import AyaServer
internal import AyaTelemetry

/// Runs a server until a signal ends it.
enum Foreground {
    /// - Parameter succession: how another process can take over; nil when none can.
    static func run(
        _ configuration: Configuration, signals: Signals, succession: Succession? = nil, watchesFiles: Bool = false
    ) async throws {
        let server: Server
        do {
            server = try Server.start(configuration, log: .standard, succession: succession)
        } catch {
            throw Exit.failure("\(error)")
        }
        for (name, address) in server.addresses.sorted(by: { $0.key < $1.key }) {
            Log.standard.info("listening", ["listener": name, "address": address])
        }
        let manager = ServiceManager.current
        manager?.tell(.ready(status: "Serving generation \(server.generation)"))
        let watchdog = Watchdog(manager, log: .standard).map { watchdog in
            Task.detached { await watchdog.run(server) }
        }
        defer { watchdog?.cancel() }
        let watch =
            watchesFiles ? Task { await server.sourceWatch.run { await reload(server, by: "file watch") } } : nil
        defer { watch?.cancel() }
        for await request in signals.requests {
            switch request {
            case .reload:
                manager?.tell(.reloading)
                server.reopenLogs()
                if server.canReload { await reload(server, by: "signal") }
                manager?.tell(.ready(status: "Serving generation \(server.generation)"))
            case .upgrade:
                // What came of it stands in the log.
                do throws(UpgradeError) { try await server.upgrade() } catch { continue }
            case .stop:
                // Whoever took over has said that it is the service now.
                if !server.isHandedOver { manager?.tell(.stopping(grace: server.grace)) }
                let impatience = Task.detached { await endGraceAtNextStop(of: server, signals) }
                await server.stop()
                impatience.cancel()
                return
            }
        }
    }

    private static func reload(_ server: Server, by origin: String) async {
        do throws(ReloadError) {
            Log.standard.tell(.success(try await server.reload()), by: origin)
        } catch {
            Log.standard.tell(.failure(error), by: origin)
        }
    }

    /// Whoever asks a second time does not want to wait for what runs.
    private static func endGraceAtNextStop(of server: Server, _ signals: Signals) async {
        for await request in signals.requests where request == .stop { server.endGrace() }
    }
}
