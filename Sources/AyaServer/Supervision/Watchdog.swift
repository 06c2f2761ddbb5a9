package import AyaReactor
package import AyaTelemetry

/// Tells the service manager that all is well, for as long as every worker takes its turns.
///
/// A worker that hangs serves nobody, but its process would look alive: silence has it restarted.
package struct Watchdog: Sendable {
    private let manager: ServiceManager
    private let period: Duration
    private let log: Log

    /// Nil when nobody asks.
    package init?(_ manager: ServiceManager?, log: Log) {
        guard let manager, let limit = manager.watchdog else { return nil }
        self.manager = manager
        self.log = log
        // Thrice within the limit, so that one late turn is no reason.
        period = limit / 3
    }

    /// Until the task is cancelled.
    package func run(_ server: Server) async {
        while !Task.isCancelled {
            let silent = await server.silentWorkers(within: period)
            if silent.isEmpty {
                manager.tell(.alive)
            } else {
                log.error("a worker does not answer", ["workers": silent.map(String.init).joined(separator: ", ")])
            }
            try? await Task.sleep(for: period)
        }
    }
}
