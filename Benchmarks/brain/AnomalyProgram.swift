internal import AyaBrain
internal import Glibc

/// Reads `timestamp,value` lines and answers each with its score before it reads the next. Another threshold may be
/// given as an argument.
enum AnomalyProgram {
    static func run() {
        let threshold = CommandLine.arguments.dropFirst(2).first.flatMap(Double.init)
        var detector = AnomalyDetector(threshold: threshold ?? AnomalyDetector.usualThreshold)
        while let line = readLine() {
            guard let sample = Sample(line: line) else { continue }
            print(detector.observe(sample).score)
            fflush(nil)  // every stream
        }
    }
}
