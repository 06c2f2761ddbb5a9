internal import AyaHTTP
internal import AyaProxy
internal import AyaTelemetry
final class StatusReport: Sendable, HTTPService {
    init(snapshot: Snapshot, limits: SharedLimits, phase: Phase, directory: WorkerDirectory, accessLog: AccessLogWriter?) {}
    var service: any HTTPService { self }
    @concurrent func respond(to request: ServiceRequest) async -> ServiceResponse { ServiceResponse(status: 200, headers: [], body: []) }
}
