/// Something that went wrong once, however many series tell of it.
package struct Incident: Equatable, Identifiable, Sendable {
    package let id: Int
    /// What its alarms have in common.
    package internal(set) var subject: Subject
    /// Seconds since 1970 of the first alarm and of the last.
    package internal(set) var began: Double
    package internal(set) var lastAlarm: Double
    /// When it was over; nil while it lasts.
    package internal(set) var ended: Double?
    package internal(set) var alarmCount = 1
    /// The highest score of its alarms.
    package internal(set) var worst: Double
    /// The first alarm of each series, as many as are worth reading.
    package internal(set) var evidence: [Alarm]
    /// Where it comes from, once somebody looked.
    package internal(set) var culprits: [Culprit] = []

    /// Of an earlier process.
    init(
        id: Int, subject: Subject, began: Double, lastAlarm: Double, ended: Double?, alarmCount: Int, worst: Double
    ) {
        self.id = id
        self.subject = subject
        self.began = began
        self.lastAlarm = lastAlarm
        self.ended = ended
        self.alarmCount = alarmCount
        self.worst = worst
        evidence = []
    }

    init(id: Int, first alarm: Alarm) {
        self.id = id
        subject = alarm.series.subject
        began = alarm.sample.time
        lastAlarm = alarm.sample.time
        worst = alarm.verdict.score
        evidence = [alarm]
    }
}
