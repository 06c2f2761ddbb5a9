/// Which counter is exposed under which name.
///
/// A table of key paths instead of code for each: the exposition, the reference page and the tests all walk it.
package struct MetricColumn<Counts: AyaTelemetry.Counts>: Sendable {
    package let metric: MetricName
    package let value: Value

    package enum Value: Sendable {
        case counter(any KeyPath<Counts, UInt64> & Sendable)
        case gauge(any KeyPath<Counts, Int> & Sendable)
        case statuses(any KeyPath<Counts, StatusCounts> & Sendable)
        case calls(any KeyPath<Counts, CallStatusCounts> & Sendable)
        case reasons(any KeyPath<Counts, ReasonCounts> & Sendable)
        case criticalities(any KeyPath<Counts, CriticalityCounts> & Sendable)
        case durations(any KeyPath<Counts, Histogram> & Sendable)
        /// Durations of exchanges, some of which have a trace.
        case traced(any KeyPath<Counts, Histogram> & Sendable, any KeyPath<Counts, Exemplars> & Sendable)
    }

    init(_ metric: MetricName, _ value: Value) {
        self.metric = metric
        self.value = value
    }
}

extension WorkerCounts {
    package static let columns: [MetricColumn<WorkerCounts>] = [
        MetricColumn(.loopTurns, .counter(\.loopTurns)),
        MetricColumn(.wakeups, .counter(\.wakeups)),
        MetricColumn(.events, .counter(\.events)),
        MetricColumn(.tasksRunning, .gauge(\.tasksRunning)),
        MetricColumn(.buffersInUse, .gauge(\.buffersInUse)),
        MetricColumn(.loopLag, .durations(\.loopLag)),
    ]
}

extension ListenerCounts {
    package static let columns: [MetricColumn<ListenerCounts>] = [
        MetricColumn(.accepted, .counter(\.connectionsAccepted)),
        MetricColumn(.open, .gauge(\.connectionsOpen)),
        MetricColumn(.refused, .counter(\.connectionsRefused)),
        MetricColumn(.acceptPauses, .counter(\.acceptPauses)),
        MetricColumn(.handshakes, .counter(\.handshakes)),
        MetricColumn(.handshakesResumed, .counter(\.handshakesResumed)),
        MetricColumn(.listenerRequests, .counter(\.requests)),
        MetricColumn(.listenerResponses, .statuses(\.responses)),
        MetricColumn(.listenerDuration, .traced(\.duration, \.exemplars)),
        MetricColumn(.listenerReceived, .counter(\.bytesReceived)),
        MetricColumn(.listenerSent, .counter(\.bytesSent)),
        MetricColumn(.datagramsReceived, .counter(\.datagramsReceived)),
        MetricColumn(.datagramsSent, .counter(\.datagramsSent)),
        MetricColumn(.datagramsDropped, .counter(\.datagramsDropped)),
        MetricColumn(.flowsOpen, .gauge(\.flowsOpen)),
        MetricColumn(.sessions, .reasons(\.sessions)),
    ]
}

extension RouteCounts {
    package static let columns: [MetricColumn<RouteCounts>] = [
        MetricColumn(.routeRequests, .statuses(\.requests)),
        MetricColumn(.routeInFlight, .gauge(\.inFlight)),
        MetricColumn(.routeDuration, .traced(\.duration, \.exemplars)),
        MetricColumn(.routeFailures, .reasons(\.reasons)),
        MetricColumn(.mirrored, .counter(\.mirrored)),
        MetricColumn(.mirrorSkipped, .counter(\.mirrorSkipped)),
        MetricColumn(.mirrorDiffered, .counter(\.mirrorDiffered)),
        MetricColumn(.mirrorDuration, .durations(\.mirrorDuration)),
    ]
}

extension CallCounts {
    package static let columns: [MetricColumn<CallCounts>] = [
        MetricColumn(.calls, .calls(\.statuses)),
        MetricColumn(.callDuration, .durations(\.duration)),
    ]
}

extension PoolCounts {
    package static let columns: [MetricColumn<PoolCounts>] = [
        MetricColumn(.retries, .counter(\.retries)),
        MetricColumn(.retriesOverBudget, .counter(\.retriesOverBudget)),
        MetricColumn(.hedges, .counter(\.hedges)),
        MetricColumn(.hedgesWon, .counter(\.hedgesWon)),
        MetricColumn(.waiting, .gauge(\.waiting)),
        MetricColumn(.queued, .counter(\.queued)),
        MetricColumn(.queueTime, .durations(\.queueTime)),
        MetricColumn(.refusedWork, .reasons(\.refused)),
        MetricColumn(.shed, .criticalities(\.shed)),
        MetricColumn(.fallbacks, .counter(\.fallbacks)),
        MetricColumn(.concurrencyLimit, .gauge(\.concurrencyLimit)),
        MetricColumn(.poolPanic, .gauge(\.panic)),
    ]
}

extension HealthCounts {
    package static let columns: [MetricColumn<HealthCounts>] = [
        MetricColumn(.serverUp, .gauge(\.up)),
        MetricColumn(.probes, .counter(\.probes)),
        MetricColumn(.probeFailures, .counter(\.probeFailures)),
        MetricColumn(.ejections, .counter(\.ejections)),
    ]
}

extension CertificateCounts {
    package static let columns: [MetricColumn<CertificateCounts>] = [
        MetricColumn(.certificateExpiry, .gauge(\.expiry)),
        MetricColumn(.certificateFailures, .counter(\.failures)),
    ]
}

extension HistoryCounts {
    package static let columns: [MetricColumn<HistoryCounts>] = [
        MetricColumn(.historyUp, .gauge(\.up)),
        MetricColumn(.historySeries, .gauge(\.series)),
        MetricColumn(.historySeriesDropped, .gauge(\.seriesDropped)),
        MetricColumn(.historyBytes, .gauge(\.bytes)),
        MetricColumn(.historyFailures, .counter(\.writeFailures)),
    ]
}

extension AccessLogCounts {
    package static let columns: [MetricColumn<AccessLogCounts>] = [
        MetricColumn(.logRecords, .counter(\.records)),
        MetricColumn(.logRecordsDropped, .counter(\.dropped)),
        MetricColumn(.logFailures, .counter(\.failures)),
        MetricColumn(.logQueue, .gauge(\.queuedBlocks)),
    ]
}

extension AlertCounts {
    package static let columns: [MetricColumn<AlertCounts>] = [
        MetricColumn(.alertsFiring, .gauge(\.firing)),
        MetricColumn(.alertsPending, .gauge(\.pending)),
        MetricColumn(.notices, .counter(\.notices)),
        MetricColumn(.noticeFailures, .counter(\.noticeFailures)),
    ]
}

extension CapacityCounts {
    package static let columns: [MetricColumn<CapacityCounts>] = [
        MetricColumn(.wantedServers, .gauge(\.wanted)),
        MetricColumn(.scalingChanges, .counter(\.changes)),
        MetricColumn(.scalingFailures, .counter(\.failures)),
    ]
}

extension TraceCounts {
    package static let columns: [MetricColumn<TraceCounts>] = [
        MetricColumn(.traceRecords, .counter(\.outlet.records)),
        MetricColumn(.traceRecordsDropped, .counter(\.outlet.dropped)),
        MetricColumn(.traceFailures, .counter(\.outlet.failures)),
    ]
}

extension ServerCounts {
    package static let columns: [MetricColumn<ServerCounts>] = [
        MetricColumn(.serverRequests, .statuses(\.requests)),
        MetricColumn(.serverInFlight, .gauge(\.inFlight)),
        MetricColumn(.serverFirstByte, .durations(\.firstByte)),
        MetricColumn(.connectTime, .durations(\.connectTime)),
        MetricColumn(.serverFailures, .reasons(\.reasons)),
        MetricColumn(.connects, .counter(\.connects)),
        MetricColumn(.connectFailures, .counter(\.connectFailures)),
        MetricColumn(.reused, .counter(\.reused)),
        MetricColumn(.serverOpen, .gauge(\.connectionsOpen)),
        MetricColumn(.serverIdle, .gauge(\.connectionsIdle)),
        MetricColumn(.breakerOpened, .counter(\.breakerOpened)),
        MetricColumn(.serverReceived, .counter(\.bytesReceived)),
        MetricColumn(.serverSent, .counter(\.bytesSent)),
    ]
}
