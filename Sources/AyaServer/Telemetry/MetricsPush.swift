internal import AyaConfig
internal import AyaExport
internal import AyaReactor
internal import AyaTelemetry
internal import Glibc
internal import Synchronization

/// Sends the metrics to a collector every so often, while the configuration says so.
final class MetricsPush: Sendable {
    private let reloader: Reloader
    private let status: StatusReport
    private let log: Log
    private let task = Mutex<Task<Void, Never>?>(nil)

    init(_ reloader: Reloader, status: StatusReport, log: Log) {
        self.reloader = reloader
        self.status = status
        self.log = log
    }

    func start() {
        task.withLock { task in
            task = Task { [weak self] in
                var opened: Opened?
                while !Task.isCancelled {
                    // Without a wish it is looked again whether there is one.
                    let pause = await self?.send(&opened) ?? .seconds(5)
                    try? await Task.sleep(for: pause)
                }
            }
        }
    }

    func end() {
        task.withLock { task in
            task?.cancel()
            task = nil
        }
    }

    /// The way to the collector that the configuration names at present.
    private struct Opened {
        let push: Blueprint.MetricsPush
        let export: MetricsExport

        init(_ push: Blueprint.MetricsPush, _ calls: CallThread) throws(StartError) {
            self.push = push
            export = try push.open(calls)
        }
    }

    /// How long to wait for the next time; nil when there is nobody to send to.
    private func send(_ opened: inout Opened?) async -> Duration? {
        guard let push = reloader.running.blueprint.metrics else {
            opened = nil
            return nil
        }
        let problem: String?
        do throws(StartError) {
            let current: Opened
            if let opened, opened.push == push {
                current = opened
            } else {
                current = try Opened(push, reloader.ground.calls)
                opened = current
            }
            problem = await current.export.send(await status.metrics(), await status.facts(), time: Machine.wallClock())
        } catch {
            problem = error.description
        }
        if let problem { log.error("metrics can not be sent", ["reason": problem]) }
        return push.interval
    }
}

extension Blueprint.MetricsPush {
    fileprivate func open(_ calls: CallThread) throws(StartError) -> MetricsExport {
        let owner = "'metrics'"
        let (caller, address) = try collector.caller(calls, for: owner)
        let authorization = RecordCollector.authorization(
            user: collector.user, secret: try collector.statedSecret(for: owner), scheme: "Bearer")
        let resource = OTLPResource(
            service: service, version: Server.version, host: HostName.current, process: getpid())
        return MetricsExport(caller, address, headers: [authorization].compactMap(\.self), resource)
    }
}
