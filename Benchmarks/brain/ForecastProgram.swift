internal import AyaBrain
internal import Glibc

/// Reads `timestamp,value` lines and HORIZON, SEASON and STEP_SECONDS of the environment, prints a line for each step
/// ahead: `aya brain forecast` without the rest of Aya.
enum ForecastProgram {
    static func run() {
        let history = History(
            Sample.all(in: StandardInput.all()), step: environment("STEP_SECONDS").flatMap { Double($0) })
        let seasons = environment("SEASON")?.split(separator: ",").compactMap { Int($0) } ?? []
        let horizon = environment("HORIZON").flatMap { Int($0) } ?? 1
        print(
            ForecastText.lines(Forecaster(horizon: horizon, seasons: seasons).forecast(history.values)),
            terminator: "")
    }

    private static func environment(_ name: String) -> String? {
        // Safe: getenv gives nil or a terminated string, and nothing here changes the environment.
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }
}
