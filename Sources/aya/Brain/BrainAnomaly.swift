internal import ArgumentParser
internal import AyaBrain
internal import Glibc

struct BrainAnomaly: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "anomaly",
        abstract: "Say of each row of a series how unusual it is.",
        discussion: """
            Reads lines 'timestamp,value' (seconds since 1970 or ISO 8601; a value that is no number is a gap) and \
            answers each before it reads the next, with a score from 0 to 1. An alarm has 0.5 or more; the rows after \
            it stay below.
            """)

    @Option(
        help: ArgumentHelp(
            "The surprise that raises an alarm; one more is about ten times rarer. "
                + "Use \(AnomalyDetector.quietThreshold) for alerts.",
            valueName: "surprise"))
    var threshold = AnomalyDetector.usualThreshold

    @Flag(help: "Print JSON lines, with the cause and what would have been usual.")
    var json = false

    func validate() throws {
        guard threshold > 0, threshold.isFinite else { throw ValidationError("The threshold must be more than 0.") }
    }

    func run() {
        var detector = AnomalyDetector(threshold: threshold)
        var number = 0
        while let line = readLine() {
            number += 1
            let sample = Sample(line: line)
            // The first line may be a header.
            if sample == nil {
                if number == 1 { continue }
                StandardError.write("line \(number): not 'timestamp,value'")
            }
            let verdict = sample.map { detector.observe($0) } ?? .nothing
            print(json ? Self.json(verdict) : "\(verdict.score)")
            fflush(nil)  // every stream
        }
    }

    private static func json(_ verdict: Verdict) -> String {
        var text = "{\"score\":\(verdict.score),\"alarm\":\(verdict.isAlarm)"
        if verdict.score > 0 { text += ",\"cause\":\"\(verdict.cause.rawValue)\"" }
        if let usual = verdict.usual { text += ",\"usual\":\(usual)" }
        return text + "}"
    }
}
