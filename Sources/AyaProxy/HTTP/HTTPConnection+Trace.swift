internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTelemetry

/// The place of an exchange in a trace: taken from the request or begun here, and passed on to the server.
extension HTTPConnection {
    func startTrace(_ exchange: Exchange, _ tracing: Tracing) {
        let told = traceContext(exchange.request, tracing)
        let low = told?.low ?? worker.random.next()
        var place = TracePlace(
            high: told?.high ?? worker.random.next(), low: low, span: max(1, worker.random.next()),
            parent: told?.parent ?? 0, isSampled: tracing.sampling.takes(low: low))
        place.isRandom = told?.isRandom ?? true
        // Whether to record costs us, not the client: only peers that are trusted decide it.
        if isTrusted, let decision = told?.isSampled { place.isSampled = decision }
        exchange.trace = place
    }

    private func traceContext(_ request: RequestHead, _ tracing: Tracing) -> TraceContext? {
        // Two of them are none (W3C Trace Context section 3.2.1).
        if tracing.speaksW3C, let field = request.firstField(.traceparent),
            request.fields.count(where: { $0.known == .traceparent }) == 1,
            let context = unsafe TraceContext(traceparent: bytes(field.value).span)
        {
            return context
        }
        guard tracing.readsB3 else { return nil }
        if let single = field("b3", of: request), let context = unsafe TraceContext(b3: bytes(single.value).span) {
            return context
        }
        guard let trace = field("x-b3-traceid", of: request), let span = field("x-b3-spanid", of: request) else {
            return nil
        }
        let decision = field("x-b3-flags", of: request) ?? field("x-b3-sampled", of: request)
        let isSampled = decision.flatMap { field -> Bool? in
            unsafe bytes(field.value).first.flatMap { TraceContext.decision($0) }
        }
        return unsafe TraceContext(
            b3Trace: bytes(trace.value).span, span: bytes(span.value).span, isSampled: isSampled)
    }

    private func field(_ name: StaticString, of request: RequestHead) -> Field? {
        for field in request.fields
        where field.name.count == name.utf8CodeUnitCount && isNamed(field, name) {
            return field
        }
        return nil
    }

    private func isNamed(_ field: Field, _ name: StaticString) -> Bool {
        unsafe bytes(field.name).span.equalsIgnoringCase(name)
    }

    /// A field that says where in a trace the client is: the server is told our place in it.
    func isReplacedByTrace(_ field: Field, _ place: TracePlace) -> Bool {
        switch field.known {
        case .traceparent: return true
        // It belongs to a `traceparent` that was valid (section 3.3).
        case .tracestate: return place.parent == 0
        case .other:
            let name = unsafe bytes(field.name).span
            guard runtime.tracing?.readsB3 == true, name.count > 1,
                name[0] | 0x20 == UInt8(ascii: "b")
                    || name[0] | 0x20 == UInt8(ascii: "x")
            else { return false }
            return Self.b3Names.contains { name.equalsIgnoringCase($0) }
        default: return false
        }
    }

    private static let b3Names: [StaticString] = [
        "b3", "x-b3-traceid", "x-b3-spanid", "x-b3-parentspanid", "x-b3-sampled", "x-b3-flags",
    ]

    /// The server's parent is the try.
    func writeTrace(_ place: TracePlace, attempt: Int, to out: Buffer) {
        guard let tracing = runtime.tracing else { return }
        let span = place.tryID(attempt)
        if tracing.speaksW3C {
            out.append("traceparent: 00-")
            out.append(hexadecimal: place.high)
            out.append(hexadecimal: place.low)
            out.append("-")
            out.append(hexadecimal: span)
            out.append("-0")
            out.append(48 &+ place.flags)
            out.append("\r\n")
        }
        if tracing.writesB3 {
            out.append("b3: ")
            out.append(hexadecimal: place.high)
            out.append(hexadecimal: place.low)
            out.append("-")
            out.append(hexadecimal: span)
            out.append(place.isSampled ? "-1-" : "-0-")
            out.append(hexadecimal: place.span)
            out.append("\r\n")
        }
        if tracing.writesB3Fields {
            out.append("X-B3-TraceId: ")
            out.append(hexadecimal: place.high)
            out.append(hexadecimal: place.low)
            out.append("\r\nX-B3-SpanId: ")
            out.append(hexadecimal: span)
            out.append("\r\nX-B3-ParentSpanId: ")
            out.append(hexadecimal: place.span)
            out.append(place.isSampled ? "\r\nX-B3-Sampled: 1\r\n" : "\r\nX-B3-Sampled: 0\r\n")
        }
    }

    /// A try that brought nothing, which the exchange's own record will not tell of.
    func recordTry(_ exchange: Exchange, _ reason: Reason) {
        guard var place = exchange.trace, let recorder = runtime.recorder else { return }
        place.parent = place.span
        place.span = place.tryID(exchange.attempts)
        var record = AccessRecord()
        record.kind = .attempt
        record.total = worker.now - exchange.tryStart
        record.time = worker.wallClock &- record.total.nanoseconds
        record.reason = reason
        record.trace = place
        // More than one: a trace that failed once is kept, whatever becomes of it.
        record.attempts = exchange.attempts &+ 1
        if let pool = exchange.pool { unsafe record.pool = pool.recordName.bytes }
        if let server = exchange.server { unsafe record.server = server.recordName.bytes }
        recorder.append(record)
    }
}
