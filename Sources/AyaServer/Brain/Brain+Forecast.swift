internal import AyaAdmin
internal import AyaBrain
internal import AyaConfig
internal import AyaHistory
internal import AyaProxy
internal import AyaTelemetry

/// What the brain makes of history.
extension Brain {
    /// Minutes that a look ahead needs at least.
    private static let leastMinutes = 30
    private static let outlook = 60

    /// The newest values of a series before `time`; nil when there are none. Three days of minutes are what a daily
    /// rhythm needs.
    func past(
        of name: AyaHistory.SeriesName, _ resolution: Resolution, before time: Int64,
        limit: Int = 4_320
    ) async -> [Double]? {
        let end = time - time % resolution.step
        let span = Span(resolution, from: end - Int64(limit) * resolution.step, to: end)
        guard let values = await history.values(of: [name], span)[name] else { return nil }
        guard let first = values.firstIndex(where: { $0.isFinite }) else { return nil }
        return values[first...].map(Double.init)
    }

    func forecast(_ values: [Double], step: Double, horizon: Int, end: Int64) -> Forecast {
        let forecaster = Forecaster(horizon: horizon, seasons: Forecaster.calendarSeasons(step: step))
        let events = knownEvents(around: end, step: step, horizon: horizon)
        guard !events.isEmpty else { return forecaster.forecast(values) }
        let first = Double(end) - Double(values.count) * step
        let samples = values.enumerated().map {
            AyaBrain.Sample(time: first + Double($0.offset) * step, value: $0.element)
        }
        return forecaster.forecast(AyaBrain.History(samples, step: step), events: events)
    }

    /// Those that the forecast or its history can meet.
    private func knownEvents(around end: Int64, step: Double, horizon: Int) -> [KnownEvent] {
        acts.blueprint.events.compactMap { event in
            let length = Double(event.length.components.seconds)
            let known = KnownEvent(
                name: event.name, start: Double(event.start), length: length, expectedLift: event.lift)
            let isPast = known.start + length < Double(end) - Double(Forecaster.mostValues) * step
            let isFar = known.start > Double(end) + Double(horizon) * step
            return isPast || isFar ? nil : known
        }
    }

    /// Looks ahead for one pool: how many servers it needs, and whether it will be too much for those it has.
    func lookAhead(_ pool: Blueprint.Pool, _ brain: Blueprint.Brain, at time: Int64) async {
        let series = AyaHistory.SeriesName(.pool(pool.name), .requests)
        guard let values = await past(of: series, .minute, before: time), values.count >= Self.leastMinutes,
            values.suffix(Self.leastMinutes).contains(where: { $0 > 0 })
        else { return }
        let policy = brain.capacity.map(CapacityPolicy.init)
        let lead = policy.map { Int(CapacityPlanner.outlook * $0.leadTime / 60) + 2 } ?? 0
        let bursts = brain.capacity == nil ? nil : BurstClock(values, step: 60)
        let forecast = forecast(bursts?.calm ?? values, step: 60, horizon: max(Self.outlook, lead), end: time)
        let servers = available(pool)
        var mind = minds[pool.name] ?? PoolMind()
        mind.configure(policy)
        mind.note(forecast, at: Double(time), step: 60, history: values)
        let demand = values.last { $0.isFinite } ?? 0
        let wanted = mind.plan(
            at: Double(time), servers: servers, known: pool.servers.count, demand: demand, forecast: forecast,
            bursts: bursts, step: 60)
        if let rise = rises[pool.name, default: RiseWatch()].look(
            demand: demand, forecast: forecast.points, step: 60)
        {
            await prepare(pool.name, brain, for: rise, from: demand)
        }
        let full = brain.forecast ? mind.saturation(servers: servers, forecast: forecast, step: 60) : nil
        let carried = mind.curve.estimate?.throughput ?? 0
        minds[pool.name] = mind
        if let number = mind.wanted { acts.board.count(pool.name) { $0.wanted = number } }
        if let wanted, let capacity = brain.capacity { await scale(pool.name, capacity, wanted, at: Double(time)) }
        if let full { warn(pool.name, servers, carried, full, at: Double(time)) }
    }

    /// Servers that take work.
    func available(_ pool: Blueprint.Pool) -> Int {
        guard let board = acts.pool(pool.name)?.board, board.serverCount == pool.servers.count else {
            return pool.servers.count
        }
        return pool.servers.indices.count { board.weight($0) > 0 && board.holds($0).isEmpty }
    }

    private func warn(
        _ pool: String, _ servers: Int, _ each: Double, _ full: (seconds: Double, demand: Double), at time: Double
    ) {
        let reason =
            "up to \(Self.short(full.demand))/s may come within \(Int(full.seconds / 60)) minutes, and \(servers) "
            + "servers carry \(Self.short(each * Double(servers)))/s"
        let told = book.add(
            .limit, "pools/\(pool)", "add servers before saturation", value: full.seconds, confidence: 0.8,
            reason: reason, expiry: 3_600, at: time)
        guard let told else { return }
        log.warning("saturation is near", ["pool": pool, "reason": reason])
        close(told.id, "told")
    }

    /// The answer to somebody's question.
    func answer(_ question: ForecastQuestion, now: Int64) async -> ForecastAnswer {
        guard let name = AyaHistory.SeriesName(question.series) else { return .unknown }
        let resolution = question.isHourly ? Resolution.hour : .minute
        guard let values = await past(of: name, resolution, before: now) else { return .noHistory }
        let step = resolution.step
        let end = now - now % step
        let forecast = forecast(values, step: Double(step), horizon: question.horizon, end: end)
        return .found(
            ForecastAnswer.Found(
                step: Int(step), start: end, mean: forecast.points.map(\.mean), low80: forecast.points.map(\.low80),
                high80: forecast.points.map(\.high80), low95: forecast.points.map(\.low95),
                high95: forecast.points.map(\.high95), voices: forecast.voices.map { ($0.expert, $0.weight) }))
    }
}
