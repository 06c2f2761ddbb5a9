internal import AyaBrain
internal import Glibc

/// Reads `timestamp,value` lines and HORIZON and SEASON of the environment, prints a line for each step ahead.
enum ForecastProgram {
    static func run() {
        var values: [Double] = []
        while let line = readLine() {
            if let sample = Sample(line: line), !sample.value.isNaN { values.append(sample.value) }
        }
        let season = integers("SEASON").first ?? 1
        let horizon = integers("HORIZON").first ?? 1
        for mean in SeasonalNaive.forecast(values, season: season, horizon: horizon) { print(mean) }
    }

    private static func integers(_ name: String) -> [Int] {
        // Safe: getenv gives nil or a terminated string, and nothing here changes the environment.
        guard let text = unsafe getenv(name) else { return [] }
        return unsafe String(cString: text).split(separator: ",").compactMap { Int($0) }
    }
}
