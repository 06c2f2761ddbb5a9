package import AyaHTTP
internal import AyaTelemetry

/// The admin API: a table of exact paths, answered off the data plane.
///
/// It is served by Aya's own HTTP stack, so it needs no second server; being small, it needs no framework either.
package struct AdminService: HTTPService {
    private let source: any StatusSource
    /// Nil when nothing may be changed.
    private let control: (any ControlDesk)?

    /// Nil when no history is kept.
    private let history: (any HistoryDesk)?
    /// Nil when nobody keeps alerts.
    private let alerts: (any AlertDesk)?
    /// Nil when nothing is learned.
    private let brain: (any BrainDesk)?

    package init(
        _ source: any StatusSource, control: (any ControlDesk)? = nil, history: (any HistoryDesk)? = nil,
        alerts: (any AlertDesk)? = nil, brain: (any BrainDesk)? = nil
    ) {
        self.source = source
        self.control = control
        self.history = history
        self.alerts = alerts
        self.brain = brain
    }

    /// What is told, with GET and HEAD.
    private enum Endpoint: String, CaseIterable {
        case health = "/healthz"
        case readiness = "/readyz"
        case metrics = "/metrics"
        case status = "/v1/status"
        case openAPI = "/v1/openapi.json"
    }

    /// Leaves the worker that took the request: its tasks prefer its executor, and so would everything called from them.
    package func respond(to request: ServiceRequest) async -> ServiceResponse {
        await withTaskExecutorPreference(globalConcurrentExecutor) { await answer(request) }
    }

    @concurrent private func answer(_ request: ServiceRequest) async -> ServiceResponse {
        let access = control?.access ?? .unguarded
        let visitor = access.visitor(request)
        if request.path.hasPrefix("/v1/") {
            if let refusal = AdminGuard.refusal(of: request, visitor, access) { return refusal }
            if let control, let visitor, let answer = await ControlEndpoints(control, visitor).respond(to: request) {
                return answer
            }
            if let alerts, let answer = AlertEndpoints(alerts).respond(to: request) { return answer }
            if let answer = await BrainEndpoints(desk: brain).respond(to: request) { return answer }
            if let answer = await HistoryEndpoints(desk: history).respond(to: request) { return answer }
        }
        if visitor == nil, !access.tokens.isEmpty, request.path == Endpoint.metrics.rawValue {
            return AdminGuard.credentialsRequired(of: request)
        }
        guard let endpoint = Endpoint(rawValue: request.path) else {
            return Problem(status: 404, title: "Nothing is at this path", code: "not_found").response()
        }
        guard request.method == "GET" || request.method == "HEAD" else {
            return Problem(status: 405, title: "Only GET and HEAD are possible here", code: "method_not_allowed")
                .response([("allow", "GET, HEAD")])
        }
        switch endpoint {
        case .health: return health
        case .readiness: return await readiness()
        case .metrics: return await metrics(.init(accept: request.header("accept")))
        case .openAPI: return .json(OpenAPIDocument.render(version: await source.facts().version))
        case .status: return .json(StatusDocument.render(await source.status(), await source.metrics()))
        }
    }

    private var health: ServiceResponse {
        let silent = source.silentWorkers
        guard let first = silent.first else { return .text(200, "ok\n") }
        return .text(503, "worker \(first) does not answer\n")
    }

    private func readiness() async -> ServiceResponse {
        let readiness = await source.readiness()
        switch readiness {
        case .ready: return .text(200, "ready\n")
        case .starting, .draining: return .text(503, "\(readiness.rawValue)\n")
        }
    }

    private func metrics(_ format: PrometheusExposition.Format) async -> ServiceResponse {
        let text = PrometheusExposition.render(await source.metrics(), await source.facts(), as: format)
        return .text(200, text, contentType: format.contentType)
    }
}

extension ServiceResponse {
    /// Answers of the moment: nobody on the way should keep them.
    private static let noStore = (name: "cache-control", value: "no-store")

    static func text(
        _ status: Int, _ text: String, contentType: String = "text/plain; charset=utf-8"
    ) -> ServiceResponse {
        ServiceResponse(status: status, headers: [("content-type", contentType), noStore], body: Array(text.utf8))
    }

    static func json(_ body: [UInt8]) -> ServiceResponse {
        ServiceResponse(status: 200, headers: [("content-type", "application/json"), noStore], body: body)
    }
}
