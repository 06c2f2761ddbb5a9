internal import AyaBrain
internal import Glibc

/// Reads `timestamp,value` lines and HORIZON, SEASON and STEP_SECONDS of the environment, prints a line for each step
/// ahead: `aya brain forecast` without the rest of Aya.
enum ForecastProgram {
    static func run() {
        let history = History(Sample.all(in: standardInput()), step: environment("STEP_SECONDS").flatMap { Double($0) })
        let seasons = environment("SEASON")?.split(separator: ",").compactMap { Int($0) } ?? []
        let horizon = environment("HORIZON").flatMap { Int($0) } ?? 1
        print(
            ForecastText.lines(Forecaster(horizon: horizon, seasons: seasons).forecast(history.values)),
            terminator: "")
    }

    private static func standardInput() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        var count = 0
        while true {
            if count == bytes.count { bytes.append(contentsOf: repeatElement(0, count: count)) }
            // Safe: reads into the part of the array that is not yet filled.
            let got = unsafe bytes.withUnsafeMutableBytes {
                unsafe read(0, $0.baseAddress?.advanced(by: count), $0.count - count)
            }
            guard got > 0 else { return Array(bytes[..<count]) }
            count += got
        }
    }

    private static func environment(_ name: String) -> String? {
        // Safe: getenv gives nil or a terminated string, and nothing here changes the environment.
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }
}
