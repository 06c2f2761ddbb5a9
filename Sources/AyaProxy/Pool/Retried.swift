internal import AyaTelemetry

/// A server that was tried in vain, and what spoke against it.
struct Retried {
    var server: ServerRuntime
    /// Nil for an answer that was dropped, which has a status.
    var reason: Reason?
    var status: Int

    func note(in record: inout AccessRecord) {
        unsafe record.retriedServer = server.recordName.bytes
        record.retriedReason = reason
        record.retriedStatus = status
    }
}
