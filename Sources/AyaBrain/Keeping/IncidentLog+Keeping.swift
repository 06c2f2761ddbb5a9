/// The log as it outlasts a restart: a line for each incident, its alarms and culprits behind it.
extension IncidentLog {
    package var keeping: [UInt8] {
        var lines: [[String]] = []
        for incident in incidents {
            let ended = incident.ended.map { "\($0)" } ?? ""
            let figures = ["\(incident.alarmCount)", "\(incident.worst)"]
            lines.append(
                ["incident", "\(incident.id)", "\(incident.began)", "\(incident.lastAlarm)", ended] + figures
                    + Self.fields(of: incident.subject))
            for alarm in incident.evidence {
                let sample = ["\(alarm.sample.time)", "\(alarm.sample.value)"]
                let verdict = ["\(alarm.verdict.score)", alarm.verdict.cause.rawValue]
                let subject = Self.fields(of: alarm.series.subject)
                lines.append(["alarm", alarm.series.measure.rawValue] + sample + verdict + subject)
            }
            for culprit in incident.culprits {
                let figures = ["\(culprit.share)", "\(culprit.before)", "\(culprit.during)"]
                lines.append(["culprit", culprit.dimension.rawValue, culprit.value] + figures)
            }
        }
        return FieldLines.text(of: lines)
    }

    /// A log with what an earlier one kept.
    package init(keeping bytes: [UInt8], policy: Policy = Policy()) {
        self.init(policy: policy)
        var found: [Incident] = []
        for line in FieldLines.lines(of: bytes) {
            switch line.first {
            case "incident":
                if let incident = Self.incident(line) { found.append(incident) }
            case "alarm":
                if let alarm = Self.alarm(line), let last = found.indices.last { found[last].evidence.append(alarm) }
            case "culprit":
                if let culprit = Self.culprit(line), let last = found.indices.last {
                    found[last].culprits.append(culprit)
                }
            default: continue
            }
        }
        adopt(found)
    }

    private static func fields(of subject: Subject) -> [String] {
        Subject.Dimension.allCases.flatMap { dimension in
            subject[dimension].map { [dimension.rawValue, $0] } ?? []
        }
    }

    private static func subject(_ fields: ArraySlice<String>) -> Subject {
        var values: [Subject.Dimension: String] = [:]
        var rest = fields
        while let name = rest.popFirst(), let value = rest.popFirst() {
            if let dimension = Subject.Dimension(rawValue: name) { values[dimension] = value }
        }
        return Subject(values)
    }

    private static func incident(_ line: [String]) -> Incident? {
        guard line.count >= 7, let id = Int(line[1]), id > 0, id < Int.max / 2, let began = number(line[2]),
            let lastAlarm = number(line[3]), let count = Int(line[5]), let worst = number(line[6])
        else { return nil }
        return Incident(
            id: id, subject: subject(line[7...]), began: began, lastAlarm: lastAlarm, ended: number(line[4]),
            alarmCount: count, worst: worst)
    }

    private static func alarm(_ line: [String]) -> Alarm? {
        guard line.count >= 6, let measure = SeriesName.Measure(rawValue: line[1]), let time = number(line[2]),
            let value = number(line[3]), let score = number(line[4]), let cause = Verdict.Cause(rawValue: line[5])
        else { return nil }
        return Alarm(
            series: SeriesName(measure, of: subject(line[6...])), sample: Sample(time: time, value: value),
            verdict: Verdict(score: score, isAlarm: true, cause: cause))
    }

    private static func culprit(_ line: [String]) -> Culprit? {
        guard line.count >= 6, let dimension = Subject.Dimension(rawValue: line[1]), let share = number(line[3]),
            let before = number(line[4]), let during = number(line[5])
        else { return nil }
        return Culprit(dimension: dimension, value: line[2], share: share, before: before, during: during)
    }

    private static func number(_ text: String) -> Double? { Double(text).flatMap { $0.isFinite ? $0 : nil } }
}
