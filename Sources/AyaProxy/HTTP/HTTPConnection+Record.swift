internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTLS
internal import AyaTelemetry

/// The end of an exchange: counters, the access log, and the buffers it held.
extension HTTPConnection {
    func finish(_ exchange: Exchange) {
        let total = worker.now - exchange.start
        listener.metrics.counts.responses.record(status: exchange.status)
        listener.metrics.counts.duration.record(total.nanoseconds)
        if let route = exchange.route {
            route.metrics.counts.inFlight &-= 1
            route.metrics.counts.requests.record(status: exchange.status)
            route.metrics.counts.duration.record(total.nanoseconds)
            if let mirror = exchange.mirror {
                mirror.exchangeEnded(status: exchange.status)
                exchange.mirror = nil
            }
            if exchange.reason != .ok { route.metrics.counts.reasons.record(exchange.reason) }
        }
        if let trace = exchange.trace, trace.isSampled { noteExemplar(exchange, trace, total) }
        if exchange.isCall, exchange.server != nil {
            unsafe runtime.metrics.calls.record(
                path: bytes(exchange.request.path).span, status: exchange.grpcStatus ?? .unknown, duration: total)
        }
        // The log is about clients: whoever probes or scrapes Aya itself would fill it.
        if !listener.isAdmin, runtime.isRecording { record(exchange, total) }
        settleInput(exchange)
        if let buffer = exchange.answer.take() { worker.buffers.give(buffer) }
        if let buffer = exchange.normalizedPath.take() { worker.buffers.give(buffer) }
        if let buffer = exchange.replay.take() { worker.buffers.give(buffer) }
        if let buffer = exchange.head.take() { worker.buffers.give(buffer) }
    }

    private func noteExemplar(_ exchange: Exchange, _ trace: TracePlace, _ total: Interval) {
        let exemplar = Exemplars.Exemplar(trace, value: total.nanoseconds, time: worker.wallClock)
        listener.metrics.counts.exemplars.note(exemplar)
        exchange.route?.metrics.counts.exemplars.note(exemplar)
    }

    /// Drops this exchange's bytes; what follows them is the next request's.
    private func settleInput(_ exchange: Exchange) {
        guard let buffer = input else { return }
        buffer.consume(min(exchange.consumed, buffer.count))
        if buffer.isEmpty { buffer.clear() }
        guard let leftover = exchange.leftover else { return }
        exchange.leftover = nil
        // The pump read on from where the input ended, so the input has nothing left of its own.
        worker.buffers.give(buffer)
        input = leftover
    }

    /// A connection that ended before its first request.
    func logRefusal(_ reason: Reason) {
        guard runtime.isRecording, !listener.isAdmin else { return }
        var record = AccessRecord()
        record.kind = .session
        record.time = worker.wallClock
        unsafe record.listener = listener.recordName.bytes
        record.client = client
        record.reason = reason
        runtime.record(record)
    }

    /// Bytes of a lane are counted where they are on the wire, as frames.
    func noteReceived(_ count: Int) {
        if !isLane { listener.metrics.counts.bytesReceived &+= UInt64(count) }
    }

    func noteSent(_ count: UInt64) {
        if !isLane { listener.metrics.counts.bytesSent &+= count }
    }

    private func record(_ exchange: Exchange, _ total: Interval) {
        let request = exchange.request
        var record = AccessRecord()
        record.time = worker.wallClock &- total.nanoseconds
        unsafe record.listener = listener.recordName.bytes
        record.client = client
        if let forwarded = exchange.forwardedClient { record.client = SocketAddress(ip: forwarded, port: 0) }
        if exchange.isParsed {
            unsafe record.method = bytes(request.methodName)
            unsafe record.path = bytes(request.path)
            unsafe record.host = bytes(request.host)
            if let agent = request.firstField(.userAgent) { unsafe record.userAgent = bytes(agent.value) }
            if runtime.recorder?.wantsQuery == true, let query = request.query { unsafe record.query = bytes(query) }
            record.minorVersion = request.minorVersion
        }
        if let kept = exchange.keptID {
            unsafe record.requestID = bytes(kept)
        } else {
            record.idHigh = exchange.id.high
            record.idLow = exchange.id.low
        }
        record.status = exchange.status
        record.isHTTP2 = isLane
        record.grpcStatus = exchange.grpcStatus
        record.bytesReceived = exchange.requestBodyBytes
        record.bytesSent = exchange.responseBodyBytes
        if let route = exchange.route { unsafe record.route = route.recordName.bytes }
        if let pool = exchange.pool { unsafe record.pool = pool.recordName.bytes }
        if let server = exchange.server { unsafe record.server = server.recordName.bytes }
        record.reason = exchange.reason
        record.attempts = exchange.attempts
        exchange.retried?.note(in: &record)
        if let trace = exchange.trace {
            record.trace = trace
            if exchange.attempts > 0 { record.tryStart = exchange.tryStart - exchange.start }
        }
        record.total = total
        record.criticality = exchange.criticality
        if exchange.queueTime > .zero { record.queue = exchange.queueTime }
        if let tls { record.tls = AccessRecord.TLSFacts(tls) }
        if exchange.connectTime > .zero { record.connect = exchange.connectTime }
        if exchange.firstByte > exchange.start { record.firstByte = exchange.firstByte - exchange.start }
        guard exchange.isParsed, let recorder = runtime.recorder, !recorder.wantedHeaders.isEmpty else {
            return runtime.record(record) { hasField($0, exchange) }
        }
        let headers = worker.buffers.takeSmall()
        defer { worker.buffers.give(headers) }
        gather(recorder.wantedHeaders, of: request, in: headers)
        unsafe record.headers = headers.unread
        runtime.record(record) { hasField($0, exchange) }
    }

    /// What does not fit is left out.
    private func gather(_ names: [[UInt8]], of request: RequestHead, in headers: Buffer) {
        for name in names {
            for field in request.fields where unsafe bytes(field.name).span.equalsIgnoringCase(name.span) {
                let value = unsafe bytes(field.value)
                guard headers.room > name.count + value.count + 2 else { break }
                headers.append(name)
                headers.append(":")
                unsafe headers.append(value)
                headers.append("\n")
                break
            }
        }
    }

    /// Whether the request has such a field; asked by those who watch alone.
    private func hasField(_ wanted: TapFilter.Field, _ exchange: Exchange) -> Bool {
        guard exchange.isParsed else { return false }
        for field in exchange.request.fields {
            let name = unsafe bytes(field.name)
            guard unsafe name.span.equalsIgnoringCase(wanted.name.span) else { continue }
            guard let value = wanted.value else { return true }
            if unsafe bytes(field.value).elementsEqual(value) { return true }
        }
        return false
    }
}

extension AccessRecord.TLSFacts {
    init(_ connection: TLSConnection) {
        self.init(
            version: connection.version, isResumed: connection.isResumed, fingerprint: connection.fingerprint ?? [])
        unsafe cipher = connection.cipher
        unsafe serverName = connection.serverName
    }
}
