/// What the admin API tells of the brain. The composition root implements it.
package protocol BrainDesk: Sendable {
    func state() async -> BrainState
    /// The newest last.
    func advice() async -> [BrainAdvice]
    func incidents() async -> [BrainIncident]
    func forecast(_ question: ForecastQuestion) async -> ForecastAnswer
    /// Removes what was learned, advised and noticed. False when what is on the disk can not be removed now.
    func forget() async -> Bool
}

package struct BrainState: Sendable {
    package struct Pool: Sendable {
        package var name: String
        /// What the configuration lets the brain do, by function; empty when it is off.
        package var functions: [(name: String, value: String)]
        package var capacity: Capacity?
        /// By worker, how `auto` picks; empty for other balancers.
        package var tactics: [String]
        /// Why it does; nil while it never changed.
        package var tacticReason: String?
        package var forecast: Record?

        package init(
            name: String, functions: [(name: String, value: String)], capacity: Capacity? = nil,
            tactics: [String] = [], tacticReason: String? = nil, forecast: Record? = nil
        ) {
            self.name = name
            self.functions = functions
            self.capacity = capacity
            self.tactics = tactics
            self.tacticReason = tacticReason
            self.forecast = forecast
        }
    }

    /// What one server carries.
    package struct Capacity: Sendable {
        /// Requests a second.
        package var throughput: Double
        /// False: at least so much.
        package var isSeen: Bool
        /// Seconds.
        package var quietLatency: Double
        package var confidence: Double
        /// Throughput, seconds and share of failures.
        package var curve: [(throughput: Double, latency: Double, failures: Double)]

        package init(
            throughput: Double, isSeen: Bool, quietLatency: Double, confidence: Double,
            curve: [(throughput: Double, latency: Double, failures: Double)]
        ) {
            self.throughput = throughput
            self.isSeen = isSeen
            self.quietLatency = quietLatency
            self.confidence = confidence
            self.curve = curve
        }
    }

    /// How forecasts fared.
    package struct Record: Sendable {
        package var outcomes: Int
        package var relativeError: Double
        package var coverage80: Double

        package init(outcomes: Int, relativeError: Double, coverage80: Double) {
            self.outcomes = outcomes
            self.relativeError = relativeError
            self.coverage80 = coverage80
        }
    }

    package var pools: [Pool]
    /// Series that are watched for anomalies.
    package var watched: Int
    package var openIncidents: Int
    /// Seconds of work since the start, and since when.
    package var busy: Double
    package var uptime: Double

    package init(pools: [Pool], watched: Int, openIncidents: Int, busy: Double, uptime: Double) {
        self.pools = pools
        self.watched = watched
        self.openIncidents = openIncidents
        self.busy = busy
        self.uptime = uptime
    }
}

package struct BrainAdvice: Sendable {
    package var id: Int
    /// Seconds since 1970.
    package var time: Double
    package var kind: String
    package var subject: String
    package var action: String
    package var value: Double?
    package var confidence: Double
    package var reason: String
    package var expiry: Double
    package var outcome: String?

    package init(
        id: Int, time: Double, kind: String, subject: String, action: String, value: Double?, confidence: Double,
        reason: String, expiry: Double, outcome: String?
    ) {
        self.id = id
        self.time = time
        self.kind = kind
        self.subject = subject
        self.action = action
        self.value = value
        self.confidence = confidence
        self.reason = reason
        self.expiry = expiry
        self.outcome = outcome
    }
}

package struct BrainIncident: Sendable {
    package struct Culprit: Sendable {
        package var dimension: String
        package var value: String
        package var share: Double
        package var before: Double
        package var during: Double

        package init(dimension: String, value: String, share: Double, before: Double, during: Double) {
            self.dimension = dimension
            self.value = value
            self.share = share
            self.before = before
            self.during = during
        }
    }

    package var id: Int
    package var subject: String
    /// Seconds since 1970.
    package var began: Double
    package var lastAlarm: Double
    package var ended: Double?
    package var alarms: Int
    package var score: Double
    /// Which series alarmed, and how: `errors of pool web`.
    package var evidence: [String]
    package var culprits: [Culprit]

    package init(
        id: Int, subject: String, began: Double, lastAlarm: Double, ended: Double?, alarms: Int, score: Double,
        evidence: [String], culprits: [Culprit]
    ) {
        self.id = id
        self.subject = subject
        self.began = began
        self.lastAlarm = lastAlarm
        self.ended = ended
        self.alarms = alarms
        self.score = score
        self.evidence = evidence
        self.culprits = culprits
    }
}

package struct ForecastQuestion: Sendable {
    package var series: String
    /// Steps ahead.
    package var horizon: Int
    /// By the hour instead of the minute.
    package var isHourly: Bool

    package init(series: String, horizon: Int, isHourly: Bool) {
        self.series = series
        self.horizon = horizon
        self.isHourly = isHourly
    }
}

package enum ForecastAnswer: Sendable {
    package struct Found: Sendable {
        /// Seconds.
        package var step: Int
        /// Of the first step ahead, in seconds since 1970.
        package var start: Int64
        package var mean: [Double]
        package var low80: [Double]
        package var high80: [Double]
        package var low95: [Double]
        package var high95: [Double]
        /// Which experts were heard, heaviest first.
        package var voices: [(expert: String, weight: Double)]

        package init(
            step: Int, start: Int64, mean: [Double], low80: [Double], high80: [Double], low95: [Double],
            high95: [Double], voices: [(expert: String, weight: Double)]
        ) {
            self.step = step
            self.start = start
            self.mean = mean
            self.low80 = low80
            self.high80 = high80
            self.low95 = low95
            self.high95 = high95
            self.voices = voices
        }
    }

    case found(Found)
    /// This is no name of a series.
    case unknown
    /// Nothing is known of it yet.
    case noHistory
}
