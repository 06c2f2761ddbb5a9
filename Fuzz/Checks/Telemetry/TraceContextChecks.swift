internal import AyaTelemetry

/// What must hold for any field that says where in a trace a request is.
///
/// The first byte says which field; the rest is its value, for B3's several fields two of them with a slash between.
enum TraceContextChecks {
    static func bytes(_ bytes: [UInt8]) {
        guard let kind = bytes.first else { return }
        let rest = Array(bytes.dropFirst())
        switch kind % 3 {
        case 0:
            guard let context = TraceContext(traceparent: rest.span) else { return }
            check(context)
            precondition(rest.count >= 55 && context.isSampled != nil, "too little for a traceparent")
        case 1:
            guard let context = TraceContext(b3: rest.span) else { return }
            check(context)
        default:
            let parts = rest.split(separator: UInt8(ascii: "/"), maxSplits: 1).map(Array.init)
            guard parts.count == 2 else { return }
            let (trace, span) = (parts[0], parts[1])
            guard let context = TraceContext(b3Trace: trace.span, span: span.span, isSampled: nil) else { return }
            check(context)
        }
    }

    private static func check(_ context: TraceContext) {
        precondition(context.high | context.low != 0, "a trace without an id")
        precondition(context.parent != 0, "a parent without an id")
        let place = TracePlace(high: context.high, low: context.low, span: 1, parent: context.parent)
        precondition(place.tryID(1) != place.tryID(2) && place.tryID(1) != 0, "tries with one id")
    }
}
