internal import AyaConfig
internal import AyaCore
internal import AyaExport
internal import AyaTelemetry
internal import Glibc

/// Where a generation's records go: its access logs and the export of its traces. One whose configuration has not changed
/// is the one that runs.
struct RecordOutlets: Sendable {
    private(set) var logs: [RecordOutlet] = []
    private(set) var traces: RecordOutlet?
    /// Nil when nobody wants records.
    private(set) var hub: RecordHub?
    private var made: [RecordOutlet] = []

    var all: [RecordOutlet] { logs + [traces].compactMap(\.self) }

    init() {}

    init(_ blueprint: Blueprint, continuing former: Generation?, calls: CallThread, log: Log) throws(StartError) {
        do throws(StartError) {
            try openLogs(blueprint, former, calls, log)
            try openTraces(blueprint, former, calls, log)
        } catch {
            closeNew()
            throw error
        }
        let isSame = made.isEmpty && all.count == former?.outlets.all.count
        hub = isSame ? former?.outlets.hub : all.isEmpty ? nil : RecordHub(all)
    }

    private mutating func openLogs(
        _ blueprint: Blueprint, _ former: Generation?, _ calls: CallThread, _ log: Log
    ) throws(StartError) {
        let known = Dictionary(
            zip(former?.blueprint.accessLogs ?? [], former?.outlets.logs ?? []).map { ($0, $1) },
            uniquingKeysWith: { first, _ in first })
        for configured in blueprint.accessLogs {
            if let running = known[configured] {
                logs.append(running)
                continue
            }
            let opened = try configured.open(calls, log: log)
            made.append(opened)
            logs.append(opened)
        }
    }

    private mutating func openTraces(
        _ blueprint: Blueprint, _ former: Generation?, _ calls: CallThread, _ log: Log
    ) throws(StartError) {
        guard let tracing = blueprint.tracing, tracing.collector != nil else { return }
        if let running = former?.outlets.traces, former?.blueprint.tracing == tracing {
            traces = running
        } else if let opened = try tracing.open(calls, log: log) {
            made.append(opened)
            traces = opened
        }
    }

    /// The generation does not come to run.
    func closeNew() { for outlet in made { outlet.close() } }
}

extension Blueprint.Tracing {
    /// Nil when spans go nowhere.
    fileprivate func open(_ calls: CallThread, log: Log) throws(StartError) -> RecordOutlet? {
        guard let collector else { return nil }
        let owner = "'tracing'"
        let (caller, address) = try collector.caller(calls, for: owner)
        let authorization = RecordCollector.authorization(
            user: collector.user, secret: try collector.statedSecret(for: owner), scheme: "Bearer")
        let service = RecordCollector(
            caller, address.adding(path: SpanSink.path), contentType: "application/x-protobuf",
            headers: [authorization].compactMap(\.self))
        let resource = OTLPResource(
            service: self.service, version: Server.version, host: HostName.current, process: getpid())
        return RecordOutlet(
            "traces", noun: "export of traces", TraceSelection(slow: slow), LineFormatter(.json),
            to: SpanSink(service, resource), log: log)
    }
}
