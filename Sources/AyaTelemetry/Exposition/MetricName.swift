/// Every metric's name, once: the exposition writes from this file and `docs/metrics.md` is generated from it.
///
/// Base units (seconds, bytes), the prefix `aya_`, `_total` on counters. The `process_` names are those that every
/// Prometheus client uses. Renaming one breaks somebody's dashboard.
package struct MetricName: Sendable, Hashable {
    package enum Kind: String, Sendable { case counter, gauge, histogram }

    package let name: String
    package let kind: Kind
    package let help: String
    package let labels: [String]

    private init(_ name: String, _ kind: Kind, _ labels: [String], _ help: String) {
        self.name = name
        self.kind = kind
        self.help = help
        self.labels = labels
    }

    private static let listener = ["listener"]
    private static let route = ["route"]
    private static let pool = ["pool"]
    private static let server = ["pool", "server"]
    private static let log = ["log"]
    private static let certificate = ["listener", "certificate"]

    // MARK: the process
    package static let buildInfo = MetricName(
        "aya_build_info", .gauge, ["version"], "Always 1; the label carries the version")
    package static let generation = MetricName(
        "aya_generation", .gauge, [], "Number of the configuration that runs; it grows with each reload")
    package static let workers = MetricName("aya_workers", .gauge, [], "Worker threads")
    package static let silentWorkers = MetricName(
        "aya_workers_silent", .gauge, [], "Worker threads that have not taken a turn for ten seconds")
    package static let startTime = MetricName(
        "process_start_time_seconds", .gauge, [], "When the process started, in seconds since 1970")
    package static let processorTime = MetricName(
        "process_cpu_seconds_total", .counter, [], "Processor time that the process used")
    package static let openDescriptors = MetricName("process_open_fds", .gauge, [], "Open file descriptors")
    package static let maximumDescriptors = MetricName(
        "process_max_fds", .gauge, [], "File descriptors that may be open at once")
    package static let residentMemory = MetricName(
        "process_resident_memory_bytes", .gauge, [], "Memory that the process holds")

    // MARK: the workers' loops
    package static let loopTurns = MetricName(
        "aya_worker_loop_turns_total", .counter, [], "Turns of the workers' event loops")
    package static let wakeups = MetricName(
        "aya_worker_wakeups_total", .counter, [], "Times another thread woke a worker")
    package static let events = MetricName(
        "aya_worker_events_total", .counter, [], "Readiness events that workers handled")
    package static let tasksRunning = MetricName(
        "aya_worker_tasks", .gauge, [], "Tasks under way, one for each active connection")
    package static let buffersInUse = MetricName("aya_worker_buffers", .gauge, [], "Buffers in use")
    package static let loopLag = MetricName(
        "aya_worker_loop_lag_seconds", .histogram, [],
        "Length of a loop's turn: how long a ready connection may wait for others")

    // MARK: listeners
    package static let accepted = MetricName(
        "aya_listener_connections_accepted_total", .counter, listener, "Connections accepted")
    package static let open = MetricName("aya_listener_connections_open", .gauge, listener, "Open connections")
    package static let refused = MetricName(
        "aya_listener_connections_refused_total", .counter, listener, "Connections closed at once because of a limit")
    package static let acceptPauses = MetricName(
        "aya_listener_accept_pauses_total", .counter, listener,
        "Times the listener stopped accepting for want of descriptors")
    package static let handshakes = MetricName(
        "aya_listener_handshakes_total", .counter, listener, "TLS handshakes with clients that succeeded")
    package static let handshakesResumed = MetricName(
        "aya_listener_handshakes_resumed_total", .counter, listener,
        "TLS handshakes with clients that went on from an earlier session")
    package static let listenerRequests = MetricName(
        "aya_listener_requests_total", .counter, listener, "HTTP requests whose head was complete")
    package static let listenerResponses = MetricName(
        "aya_listener_responses_total", .counter, listener + ["status"],
        "Finished exchanges by the class of their status")
    package static let listenerDuration = MetricName(
        "aya_listener_request_duration_seconds", .histogram, listener,
        "From the end of the request head to the last byte of the response")
    package static let listenerReceived = MetricName(
        "aya_listener_received_bytes_total", .counter, listener, "Bytes from clients, heads included")
    package static let listenerSent = MetricName(
        "aya_listener_sent_bytes_total", .counter, listener, "Bytes to clients, heads included")
    package static let datagramsReceived = MetricName(
        "aya_listener_datagrams_received_total", .counter, listener, "Datagrams from clients")
    package static let datagramsSent = MetricName(
        "aya_listener_datagrams_sent_total", .counter, listener, "Datagrams to clients")
    package static let datagramsDropped = MetricName(
        "aya_listener_datagrams_dropped_total", .counter, listener, "Datagrams dropped in either direction")
    package static let flowsOpen = MetricName("aya_listener_flows_open", .gauge, listener, "Open UDP flows")
    package static let sessions = MetricName(
        "aya_listener_sessions_total", .counter, listener + ["reason"], "TCP sessions and UDP flows by how they ended")

    // MARK: routes
    package static let routeRequests = MetricName(
        "aya_route_requests_total", .counter, route + ["status"], "Finished exchanges by the class of their status")
    package static let routeInFlight = MetricName(
        "aya_route_requests_in_flight", .gauge, route, "Exchanges under way")
    package static let routeDuration = MetricName(
        "aya_route_request_duration_seconds", .histogram, route,
        "From the end of the request head to the last byte of the response")
    package static let routeFailures = MetricName(
        "aya_route_failures_total", .counter, route + ["reason"], "Exchanges that did not end ok, by reason")

    package static let mirrored = MetricName(
        "aya_route_mirrored_total", .counter, route, "Copies that went to the mirror pool")
    package static let mirrorSkipped = MetricName(
        "aya_route_mirror_skipped_total", .counter, route,
        "Requests without a copy: their body was too long, or the mirror pool had no server")
    package static let mirrorDiffered = MetricName(
        "aya_route_mirror_differed_total", .counter, route,
        "Copies whose status, or lack of one, was not the client's")
    package static let mirrorDuration = MetricName(
        "aya_route_mirror_duration_seconds", .histogram, route,
        "From the copy's departure to the end of its response")

    // MARK: methods of gRPC
    package static let calls = MetricName(
        "aya_grpc_calls_total", .counter, ["method", "status"],
        "Calls of gRPC by how servers ended them; methods beyond the first two hundred are `other`")
    package static let callDuration = MetricName(
        "aya_grpc_call_duration_seconds", .histogram, ["method"],
        "From the end of the request head to the last byte of the response")

    // MARK: pools and servers
    package static let retries = MetricName("aya_pool_retries_total", .counter, pool, "Tries after the first")
    package static let retriesOverBudget = MetricName(
        "aya_pool_retries_over_budget_total", .counter, pool,
        "Retries that were not made because the budget was used up")
    package static let hedges = MetricName(
        "aya_pool_hedges_total", .counter, pool, "Second tries beside a first one that was slow")
    package static let hedgesWon = MetricName(
        "aya_pool_hedges_won_total", .counter, pool, "Second tries that answered first")
    package static let waiting = MetricName(
        "aya_pool_queue_length", .gauge, pool, "Exchanges and sessions that wait for a place")
    package static let queued = MetricName(
        "aya_pool_queued_total", .counter, pool, "Exchanges and sessions that had to wait for a place")
    package static let queueTime = MetricName(
        "aya_pool_queue_seconds", .histogram, pool, "How long those waited that got a place")
    package static let refusedWork = MetricName(
        "aya_pool_refused_total", .counter, pool + ["reason"], "Turned away before any try, by reason")
    package static let shed = MetricName(
        "aya_pool_shed_total", .counter, pool + ["criticality"],
        "Turned away by a limit of concurrency or in an overloaded queue, by criticality")
    package static let fallbacks = MetricName(
        "aya_pool_fallbacks_total", .counter, pool, "Answers that came from the fallback")
    package static let concurrencyLimit = MetricName(
        "aya_pool_concurrency_limit", .gauge, pool, "What an adaptive limit allows in flight; 0 without one")
    package static let breakerOpened = MetricName(
        "aya_server_breaker_opened_total", .counter, server, "Times a circuit breaker of the server opened")
    package static let serverRequests = MetricName(
        "aya_server_requests_total", .counter, server + ["status"], "Responses by the class of their status")
    package static let serverInFlight = MetricName(
        "aya_server_requests_in_flight", .gauge, server, "Exchanges, sessions and flows under way")
    package static let serverFirstByte = MetricName(
        "aya_server_first_byte_seconds", .histogram, server,
        "From the last byte of the request to the first of the response")
    package static let serverFailures = MetricName(
        "aya_server_failures_total", .counter, server + ["reason"], "Attempts that did not end ok, by reason")
    package static let connects = MetricName(
        "aya_server_connects_total", .counter, server, "Connections established")
    package static let connectFailures = MetricName(
        "aya_server_connect_failures_total", .counter, server, "Connections that could not be established")
    package static let connectTime = MetricName(
        "aya_server_connect_seconds", .histogram, server,
        "From the beginning of a connection until it stood, its TLS handshake included")
    package static let reused = MetricName(
        "aya_server_connections_reused_total", .counter, server, "Exchanges that found an open connection")
    package static let serverOpen = MetricName("aya_server_connections_open", .gauge, server, "Open connections")
    package static let serverIdle = MetricName(
        "aya_server_connections_idle", .gauge, server, "Open connections without an exchange")
    package static let serverReceived = MetricName(
        "aya_server_received_bytes_total", .counter, server, "Bytes from the server")
    package static let serverSent = MetricName(
        "aya_server_sent_bytes_total", .counter, server, "Bytes to the server")

    // MARK: history
    package static let historyUp = MetricName(
        "aya_history_up", .gauge, [], "1 unless history can not be written, or another process writes it")
    package static let historySeries = MetricName("aya_history_series", .gauge, [], "Series that are kept")
    package static let historySeriesDropped = MetricName(
        "aya_history_series_dropped", .gauge, [], "Series that the limit leaves out")
    package static let historyBytes = MetricName(
        "aya_history_bytes", .gauge, [], "What history takes on the disk, or in memory where there is none")
    package static let historyFailures = MetricName(
        "aya_history_write_failures_total", .counter, [], "Times history could not be written")

    // MARK: certificates
    package static let certificateExpiry = MetricName(
        "aya_tls_certificate_expiry_seconds", .gauge, certificate,
        "How long the certificate still lasts; negative when it has run out")
    package static let certificateFailures = MetricName(
        "aya_tls_certificate_failures_total", .counter, certificate,
        "Times the certificate could not be replaced by a new one")

    // MARK: access logs
    package static let logRecords = MetricName(
        "aya_access_log_records_total", .counter, log, "Access records that were written, or taken by a collector")
    package static let logRecordsDropped = MetricName(
        "aya_access_log_dropped_total", .counter, log,
        "Access records lost: the log could not keep up, or its target refused them")
    package static let logFailures = MetricName(
        "aya_access_log_failures_total", .counter, log, "Attempts to write or deliver access records that failed")
    package static let logQueue = MetricName(
        "aya_access_log_queue_blocks", .gauge, log, "Blocks of 64 KiB that wait for the log, of 64 that may")

    // MARK: alerts
    package static let alertsFiring = MetricName("aya_alerts_firing", .gauge, [], "Alerts that fire")
    package static let alertsPending = MetricName(
        "aya_alerts_pending", .gauge, [], "Alerts whose condition holds, but not for long enough")
    package static let notices = MetricName(
        "aya_alert_notices_total", .counter, [], "Notices of alerts that a channel has taken")
    package static let noticeFailures = MetricName(
        "aya_alert_notice_failures_total", .counter, [], "Attempts to send a notice that failed")

    // MARK: capacity
    package static let wantedServers = MetricName(
        "aya_pool_wanted_servers", .gauge, pool, "Servers that the brain wants the pool to have, from its forecast")
    package static let scalingChanges = MetricName(
        "aya_pool_scaling_changes_total", .counter, pool, "Changes of the number of servers that an actuator has taken")
    package static let scalingFailures = MetricName(
        "aya_pool_scaling_failures_total", .counter, pool, "Attempts to change the number of servers that failed")

    // MARK: traces
    package static let traceRecords = MetricName(
        "aya_trace_records_total", .counter, [], "Exchanges and failed tries whose spans a collector has taken")
    package static let traceRecordsDropped = MetricName(
        "aya_trace_records_dropped_total", .counter, [],
        "Exchanges and failed tries whose spans were lost: the collector was too slow, or refused them")
    package static let traceFailures = MetricName(
        "aya_trace_export_failures_total", .counter, [], "Attempts to export spans that failed")

    // MARK: health
    package static let poolPanic = MetricName(
        "aya_pool_panic", .gauge, pool,
        "Workers that ignore verdicts because they speak against too many of the pool's servers")
    package static let serverUp = MetricName(
        "aya_server_up", .gauge, server, "1 unless probes found the server down or its traffic had it ejected")
    package static let probes = MetricName("aya_server_probes_total", .counter, server, "Probes of the server")
    package static let probeFailures = MetricName(
        "aya_server_probe_failures_total", .counter, server, "Probes that spoke against the server")
    package static let ejections = MetricName(
        "aya_server_ejections_total", .counter, server, "Times its traffic had the server ejected")
}
