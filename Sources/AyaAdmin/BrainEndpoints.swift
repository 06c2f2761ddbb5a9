internal import AyaHTTP

/// The paths of the admin API that tell of the brain.
struct BrainEndpoints {
    /// Nil when history, from which it learns, is switched off.
    let desk: (any BrainDesk)?

    private static let mostSteps = 1_000

    /// Nil for a path that is none of these.
    func respond(to request: ServiceRequest) async -> ServiceResponse? {
        switch request.path {
        case "/v1/brain":
            await with(request, ["GET", "HEAD", "DELETE"]) { desk in
                request.method == "DELETE" ? await forget(desk) : .state(await desk.state())
            }
        case "/v1/brain/export":
            await with(request) { .export(await $0.state(), await $0.advice(), await $0.incidents()) }
        case "/v1/brain/advice": await with(request) { .advice(await $0.advice()) }
        case "/v1/brain/incidents": await with(request) { .incidents(await $0.incidents()) }
        case "/v1/brain/forecast": await with(request) { await forecast(Query(request.query), $0) }
        default: nil
        }
    }

    private func with(
        _ request: ServiceRequest, _ methods: [String] = ["GET", "HEAD"],
        _ answer: (any BrainDesk) async -> ServiceResponse
    ) async -> ServiceResponse {
        guard methods.contains(request.method) else { return .notAllowed(methods.joined(separator: ", ")) }
        guard let desk else {
            return Problem(
                status: 404, title: "The brain learns from history, which is switched off", code: "brain_off"
            )
            .response()
        }
        return await answer(desk)
    }

    private func forget(_ desk: any BrainDesk) async -> ServiceResponse {
        guard await desk.forget() else {
            return Problem(
                status: 503, title: "What the brain keeps can not be removed now", code: "history_unavailable"
            ).response()
        }
        return ServiceResponse(status: 204)
    }

    private func forecast(_ query: Query, _ desk: any BrainDesk) async -> ServiceResponse {
        if let key = query.unknown(besides: ["series", "horizon", "resolution"]).first {
            return .badBody("there is no '\(key)'; there are 'series', 'horizon' and 'resolution'")
        }
        guard let series = query["series"] else { return .badBody("'series' is a name such as 'pools/web/requests'") }
        let resolution = query["resolution"] ?? "1m"
        guard resolution == "1m" || resolution == "1h" else { return .badBody("'resolution' is 1m or 1h") }
        guard let horizon = Int(query["horizon"] ?? "60"), (1...Self.mostSteps).contains(horizon) else {
            return .badBody("'horizon' is 1 to \(Self.mostSteps) steps")
        }
        let question = ForecastQuestion(series: series, horizon: horizon, isHourly: resolution == "1h")
        switch await desk.forecast(question) {
        case .found(let found): return .forecast(found, of: series)
        case .unknown:
            return Problem(status: 400, title: "This is no name of a series", code: "unknown_series")
                .response(details: [series])
        case .noHistory:
            return Problem(status: 404, title: "There is no history of this series yet", code: "no_history")
                .response(details: [series])
        }
    }
}
