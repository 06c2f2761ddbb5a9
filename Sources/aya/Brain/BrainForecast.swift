internal import ArgumentParser
internal import AyaBrain
internal import Glibc

struct BrainForecast: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forecast",
        abstract: "Forecast a series given on standard input.",
        discussion: """
            Reads lines 'timestamp,value' (seconds since 1970 or ISO 8601; a value that is no number is a gap) and prints \
            a line 'mean,lo80,hi80,lo95,hi95' for each step ahead: of 100 outcomes, 80 and 95 should lie within the \
            bounds.
            """)

    @Option(help: "How many steps to look ahead (default: HORIZON in the environment, else 24).")
    var horizon: Int?

    @Option(
        help: ArgumentHelp(
            "Steps after which patterns recur, such as 24,168 for hourly values (default: SEASON in the environment, "
                + "else a day and a week).", valueName: "steps"))
    var season: String?

    @Option(
        help: ArgumentHelp(
            "Seconds between values (default: STEP_SECONDS in the environment, else as the samples are).",
            valueName: "seconds"))
    var step: Double?

    @Flag(help: "Print JSON, with times and the experts that were heard.")
    var json = false

    func run() throws {
        let horizon = try horizon ?? environment("HORIZON") { Int($0) } ?? 24
        guard (1...Forecaster.longestHorizon).contains(horizon) else {
            throw ValidationError("The horizon must be 1 to \(Forecaster.longestHorizon) steps.")
        }
        let step = try step ?? environment("STEP_SECONDS") { Double($0) }
        if let step, !(step > 0) { throw ValidationError("The step must be more than 0 seconds.") }
        let seasons = try season.map { try parsed($0, "--season", Self.steps) } ?? environment("SEASON", Self.steps)
        let samples = Sample.all(in: Array(try TextFile.standardInput.read().utf8))
        guard !samples.isEmpty else { throw Exit.failure("no line 'timestamp,value' on standard input") }
        let history = History(samples, step: step)
        let forecaster = Forecaster(
            horizon: horizon, seasons: seasons ?? Forecaster.calendarSeasons(step: history.step))
        let forecast = forecaster.forecast(history.values)
        print(json ? ForecastText.json(forecast, after: history) : ForecastText.lines(forecast), terminator: "")
    }

    private static func steps(_ text: String) -> [Int]? {
        let parts = text.split(separator: ",").map { Int($0) }
        let steps = parts.compactMap { $0 }.filter { $0 > 0 }
        return steps.isEmpty || steps.count != parts.count ? nil : steps
    }

    private func environment<Value>(_ name: String, _ parse: (String) -> Value?) throws -> Value? {
        // Safe: getenv gives nil or a terminated string, and Aya never changes its environment.
        guard let text = unsafe getenv(name).map({ unsafe String(cString: $0) }), !text.isEmpty else { return nil }
        return try parsed(text, name, parse)
    }

    private func parsed<Value>(_ text: String, _ name: String, _ parse: (String) -> Value?) throws -> Value {
        guard let value = parse(text) else { throw ValidationError("\(name): '\(text)' is not understood.") }
        return value
    }
}
