internal import AyaHTTP
internal import AyaTelemetry

/// The paths of the admin API that tell of the past, and of the present second by second.
struct HistoryEndpoints {
    /// Nil when history is switched off.
    let desk: (any HistoryDesk)?

    private static let mostSeries = 500
    private static let mostValues = 500_000
    /// Beyond the year 9999 nobody asks.
    private static let times = -253_402_300_800...Int64(253_402_300_800)

    /// Nil for a path that is none of these.
    func respond(to request: ServiceRequest) async -> ServiceResponse? {
        let query = Query(request.query)
        switch request.path {
        case "/v1/history":
            return await with(request, ["GET", "HEAD", "DELETE"]) { desk in
                request.method == "DELETE" ? await forget(query, desk) : await values(query, desk)
            }
        case "/v1/history/series":
            return await with(request, ["GET", "HEAD"]) { desk in .names(await desk.names()) }
        case "/v1/live":
            return await with(request, ["GET"]) { desk in .feed(await desk.live(query.list("series"))) }
        default: return nil
        }
    }

    private func with(
        _ request: ServiceRequest, _ methods: [String], _ answer: (any HistoryDesk) async -> ServiceResponse
    ) async -> ServiceResponse {
        guard methods.contains(request.method) else { return .notAllowed(methods.joined(separator: ", ")) }
        guard let desk else {
            return Problem(status: 404, title: "History is switched off", code: "history_off").response()
        }
        return await answer(desk)
    }

    private func values(_ query: Query, _ desk: any HistoryDesk) async -> ServiceResponse {
        let wanted: HistoryQuery
        switch read(query, now: desk.now) {
        case .success(let read): wanted = read
        case .failure(let fault): return .badBody(fault.hint)
        }
        switch await desk.values(wanted) {
        case .found(let start, let series): return .series(series, start: start, step: wanted.resolution.seconds)
        case .unknown(let names):
            return Problem(status: 400, title: "These are no names of series", code: "unknown_series")
                .response(details: names)
        }
    }

    private struct Fault: Error {
        var hint: String
    }

    private func read(_ query: Query, now: Int64) -> Result<HistoryQuery, Fault> {
        func fault(_ hint: String) -> Result<HistoryQuery, Fault> { .failure(Fault(hint: hint)) }
        if let key = query.unknown(besides: ["series", "resolution", "from", "to"]).first {
            return fault("there is no '\(key)'; there are 'series', 'resolution', 'from' and 'to'")
        }
        let series = query.list("series")
        guard !series.isEmpty, series.count <= Self.mostSeries else {
            return fault("'series' is one to \(Self.mostSeries) names with commas between them")
        }
        guard let resolution = HistoryQuery.Resolution(rawValue: query["resolution"] ?? "1s") else {
            return fault("'resolution' is 1s, 1m or 1h")
        }
        guard let to = Self.time(query["to"], now: now, or: now),
            let from = Self.time(query["from"], now: now, or: to - resolution.usualLength), from < to
        else { return fault("'from' and 'to' are seconds since 1970, or less than 0 for seconds before now") }
        let count = (to - from) / resolution.seconds
        guard count <= Int64(Self.mostValues / series.count) else {
            return fault("that would be more than \(Self.mostValues) values")
        }
        return .success(HistoryQuery(series: series, resolution: resolution, from: from, to: to))
    }

    /// Nil for what is no time.
    private static func time(_ text: String?, now: Int64, or usual: Int64) -> Int64? {
        guard let text else { return usual }
        guard let number = Int64(text), times.contains(number) else { return nil }
        return number < 0 ? now + number : number
    }

    private func forget(_ query: Query, _ desk: any HistoryDesk) async -> ServiceResponse {
        let subjects = query.list("of")
        if let wrong = subjects.first(where: { !desk.isSubject($0) }) {
            return .badBody("'\(wrong)' is nothing that has series; 'of' is, for example, 'pools/web'")
        }
        guard !subjects.isEmpty || query["all"] != nil else {
            return .badBody("'of' is what to forget, for example 'pools/web'; 'all' is everything")
        }
        guard await desk.forget(subjects.isEmpty ? nil : subjects) else {
            return Problem(status: 503, title: "History can not be changed now", code: "history_unavailable").response()
        }
        return ServiceResponse(status: 204)
    }
}

extension HistoryQuery.Resolution {
    /// What is told when nobody says how much, in seconds.
    fileprivate var usualLength: Int64 {
        switch self {
        case .second: 300
        case .minute: 6 * 3_600
        case .hour: 30 * 86_400
        }
    }
}
