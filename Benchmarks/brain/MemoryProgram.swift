internal import AyaBrain
internal import Glibc

/// What a watched series takes: `brain-bench memory`; SERIES (4000), ROWS (2500, of a minute each).
enum MemoryProgram {
    static func run() {
        let count = Int(number("SERIES") ?? 4_000)
        let rows = Int(number("ROWS") ?? 2_500)
        let names = (0..<count).map { SeriesName(.requests, of: Subject([.pool: "pool\($0)"])) }
        let before = resident()
        var watch = AnomalyWatch(capacity: count)
        for row in 0..<rows {
            for (index, name) in names.enumerated() {
                let value = 100 + 50 * sin(Double(row) / 1_440 * 2 * .pi) + Double((row * 7_919 + index * 31) % 13)
                _ = watch.observe(Sample(time: 1_700_000_000 + 60 * Double(row), value: value), of: name)
            }
        }
        let each = Double(resident() - before) / Double(count)
        print("\(Int(each)) bytes a series, \(MemoryLayout<AnomalyDetector>.size) of them what was learnt")
        print(watch.seriesCount)
    }

    /// Bytes of memory that the process has.
    private static func resident() -> Int {
        guard let file = unsafe fopen("/proc/self/statm", "r") else { return 0 }
        defer { unsafe fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        // Safe: reads at most as many bytes as the array has.
        unsafe fgets(&line, 256, file)
        let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    private static func number(_ name: String) -> Double? {
        // Safe: getenv gives nil or a terminated string, and nothing here changes the environment.
        unsafe getenv(name).flatMap { unsafe Double(String(cString: $0)) }
    }
}
