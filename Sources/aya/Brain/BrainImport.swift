internal import ArgumentParser
internal import AyaBrain
internal import AyaHistory
internal import Glibc

/// Gives a new installation the past of an old one, so that it forecasts on its first day.
struct BrainImport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Read history of elsewhere: measurements, or access logs of Aya and others.",
        discussion: """
            Formats: csv (lines 'timestamp,value'), prometheus (the JSON answer to a range query), and the access logs \
            aya (JSON), combined, haproxy and alb. Without --into the series is printed as lines 'timestamp,value', a \
            minute each, as 'forecast', 'anomaly' and 'replay' read it. With --into it is written into the history of an \
            Aya that does not run: 'aya brain import --into pools/web --state /var/lib/aya access.log'.
            """)

    @Argument(help: "The files; '-' is standard input.")
    var files: [String] = ["-"]

    @Option(help: "How the files are written.")
    var format: ImportFormat

    @Option(help: "What of an access log is printed: requests, errors or latency_mean.")
    var metric = PrintedMetric.requests

    @Option(help: ArgumentHelp("Whose history it becomes, such as 'pools/web'.", valueName: "subject"))
    var into: String?

    @Option(help: ArgumentHelp("The directory of the configuration's 'state'.", valueName: "directory"))
    var state = "/var/lib/aya"

    enum PrintedMetric: String, CaseIterable, ExpressibleByArgument {
        case requests, errors
        case latencyMean = "latency_mean"
    }

    func run() throws {
        let columns = try format.isLog ? logs() : measurements()
        guard let columns else { throw Exit.failure("nothing was found in these files") }
        if let into { try write(columns, into) } else { try show(columns) }
    }

    /// A value for each minute; not a number where there is none.
    private struct Columns {
        var start: Int64
        var values: [PrintedMetric: [Double]]
    }

    private func logs() throws -> Columns? {
        var minutes = LogMinutes()
        for file in files {
            let bytes = Array(try TextFile(path: file).read().utf8)
            for line in bytes.split(separator: UInt8(ascii: "\n")) { minutes.add(line, format) }
        }
        if minutes.unread > 0 { StandardError.write("\(minutes.unread) lines are no requests in this format") }
        return minutes.series.map { series in
            Columns(
                start: Int64(series.start),
                values: [.requests: series.requests, .errors: series.errors, .latencyMean: series.latency])
        }
    }

    private func measurements() throws -> Columns? {
        var samples: [Sample] = []
        for file in files {
            let bytes = Array(try TextFile(path: file).read().utf8)
            samples += format == .prometheus ? PrometheusAnswer.samples(bytes) : Sample.all(in: bytes)
        }
        guard !samples.isEmpty else { return nil }
        // A measurement stands for the minutes until the next, if that is not further than usual.
        let history = AyaBrain.History(samples, limit: 5_300_000)
        guard history.step > 0, let minute = Self.minute(history.end) else { return nil }
        let perStep = max(1, Int((history.step / 60).rounded()))
        let values = perStep > 1 ? history.values.flatMap { Array(repeating: $0, count: perStep) } : history.values
        let merged = history.step < 60 ? Self.merged(history) : values
        return Columns(start: minute - Int64(merged.count - perStep) * 60, values: [.requests: merged])
    }

    private static func minute(_ seconds: Double) -> Int64? {
        seconds >= 0 && seconds < 1e11 ? Int64(seconds / 60) * 60 : nil
    }

    /// Means of the minutes of a series whose steps are shorter.
    private static func merged(_ history: AyaBrain.History) -> [Double] {
        let perMinute = max(1, Int((60 / history.step).rounded()))
        let count = (history.values.count + perMinute - 1) / perMinute
        return (0..<count).map { index in
            // Whole minutes from the end.
            let end = history.values.count - (count - 1 - index) * perMinute
            let known = history.values[max(0, end - perMinute)..<end].filter(\.isFinite)
            return known.isEmpty ? .nan : known.reduce(0, +) / Double(known.count)
        }
    }

    private func show(_ columns: Columns) throws {
        guard let values = columns.values[metric] else {
            throw Exit.failure("this format tells requests only")
        }
        for (index, value) in values.enumerated() {
            print("\(columns.start + Int64(index) * 60),\(value.isFinite ? "\(value)" : "")")
        }
    }

    private func write(_ columns: Columns, _ name: String) throws {
        guard let subject = AyaHistory.Subject(name: name) else {
            throw ValidationError("'\(name)' has no history; there are 'aya', 'pools/NAME', 'routes/NAME' and others.")
        }
        let metrics: [PrintedMetric: Metric] = [.requests: .requests, .errors: .errors, .latencyMean: .latencyMean]
        var floats: [Metric: [Float]] = [:]
        for (printed, values) in columns.values {
            if let metric = metrics[printed], subject.metrics.contains(metric) {
                floats[metric] = values.map(Float.init)
            }
        }
        do {
            try HistoryImport.add(
                floats, from: columns.start, of: subject, AyaHistory.Settings(place: .directory(state)))
        } catch {
            throw Exit.failure("nothing was imported into '\(state)': \(error)")
        }
        let minutes = columns.values.values.map(\.count).max() ?? 0
        print("\(minutes) minutes of \(name) are in the history of '\(state)'")
    }
}

extension ImportFormat: ExpressibleByArgument {}

extension ImportFormat {
    fileprivate var isLog: Bool {
        switch self {
        case .csv, .prometheus: false
        case .aya, .combined, .haproxy, .alb: true
        }
    }
}
