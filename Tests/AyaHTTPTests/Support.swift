internal import AyaHTTP

/// What a request head said, copied out so that two parses can be compared.
struct RequestView: Equatable {
    var method: String
    var target: String
    var form: TargetForm
    var path: String
    var query: String?
    var authority: String
    var host: String
    var minorVersion: UInt8
    var fields: [FieldView]
    var framing: BodyFraming
    var keepAlive: Bool
    var expectsContinue: Bool
    var upgrade: String?
    var acceptsTrailers: Bool
    var pathNeedsNormalization: Bool
    var byteCount: Int
}

struct ResponseView: Equatable {
    var status: Int
    var reason: String
    var minorVersion: UInt8
    var fields: [FieldView]
    var framing: BodyFraming
    var keepAlive: Bool
    var isInterim: Bool
    var byteCount: Int
}

struct FieldView: Equatable {
    var name: String
    var value: String
    var known: FieldName
    var isHopByHop: Bool
}

enum Outcome<View: Equatable>: Equatable {
    case complete(View)
    case incomplete
    case invalid(MessageFault)

    var fault: MessageFault? { if case .invalid(let fault) = self { fault } else { nil } }
    var view: View? { if case .complete(let view) = self { view } else { nil } }
}

func text(_ slice: Slice, _ bytes: [UInt8]) -> String { String(decoding: bytes[slice.range], as: UTF8.self) }

func views(_ fields: FieldList, _ bytes: [UInt8]) -> [FieldView] {
    fields.map {
        FieldView(
            name: text($0.name, bytes), value: text($0.value, bytes), known: $0.known, isHopByHop: $0.isHopByHop)
    }
}

/// Parses with the bytes cut off at each of `cuts` first, as if they arrived in pieces.
func parseRequest(_ bytes: [UInt8], cuts: [Int] = [], limits: HeadLimits = HeadLimits()) -> Outcome<RequestView> {
    let head = RequestHead()
    var progress = HeadProgress.incomplete
    for cut in cuts + [bytes.count] {
        progress = head.parse(bytes.span.extracting(0..<cut), limits: limits)
        if progress != .incomplete { break }
    }
    switch progress {
    case .incomplete: return .incomplete
    case .invalid(let fault): return .invalid(fault)
    case .complete:
        return .complete(
            RequestView(
                method: text(head.methodName, bytes), target: text(head.target, bytes), form: head.form,
                path: text(head.path, bytes), query: head.query.map { text($0, bytes) },
                authority: text(head.authority, bytes), host: text(head.host, bytes),
                minorVersion: head.minorVersion, fields: views(head.fields, bytes), framing: head.framing,
                keepAlive: head.keepAlive, expectsContinue: head.expectsContinue,
                upgrade: head.upgrade.map { text($0, bytes) }, acceptsTrailers: head.acceptsTrailers,
                pathNeedsNormalization: head.pathNeedsNormalization, byteCount: head.byteCount))
    }
}

func parseRequest(_ text: String, cuts: [Int] = [], limits: HeadLimits = HeadLimits()) -> Outcome<RequestView> {
    parseRequest(Array(text.utf8), cuts: cuts, limits: limits)
}

func parseResponse(
    _ bytes: [UInt8], method: Method = .get, cuts: [Int] = [], limits: HeadLimits = HeadLimits()
) -> Outcome<ResponseView> {
    let head = ResponseHead()
    var progress = HeadProgress.incomplete
    for cut in cuts + [bytes.count] {
        progress = head.parse(bytes.span.extracting(0..<cut), limits: limits, requestMethod: method)
        if progress != .incomplete { break }
    }
    switch progress {
    case .incomplete: return .incomplete
    case .invalid(let fault): return .invalid(fault)
    case .complete:
        return .complete(
            ResponseView(
                status: head.status, reason: text(head.reason, bytes), minorVersion: head.minorVersion,
                fields: views(head.fields, bytes), framing: head.framing, keepAlive: head.keepAlive,
                isInterim: head.isInterim, byteCount: head.byteCount))
    }
}

func parseResponse(
    _ text: String, method: Method = .get, cuts: [Int] = [], limits: HeadLimits = HeadLimits()
) -> Outcome<ResponseView> {
    parseResponse(Array(text.utf8), method: method, cuts: cuts, limits: limits)
}

/// A decoded chunked body: payload, trailers, how many bytes it took; or the fault.
struct ChunkedView: Equatable {
    var payload: [UInt8] = []
    var trailers = ""
    var consumed = 0
    var isDone = false
    var fault: MessageFault?
}

/// Feeds the bytes in pieces that end at each of `cuts`, the way a connection does: what was consumed is gone.
func decodeChunked(_ bytes: [UInt8], cuts: [Int] = []) -> ChunkedView {
    var decoder = ChunkedDecoder()
    var view = ChunkedView()
    for cut in cuts + [bytes.count] {
        let piece = Array(bytes[view.consumed..<max(cut, view.consumed)])
        var offset = 0
        while true {
            let event = decoder.next(piece.span, at: &offset)
            switch event {
            case .needMore: break
            case .data(let range):
                view.payload += piece[range]
                continue
            case .end(let trailers):
                view.trailers = String(decoding: piece[trailers], as: UTF8.self)
                view.isDone = true
            case .invalid(let fault): view.fault = fault
            }
            break
        }
        view.consumed += offset
        if view.isDone || view.fault != nil { return view }
    }
    return view
}

func decodeChunked(_ text: String, cuts: [Int] = []) -> ChunkedView { decodeChunked(Array(text.utf8), cuts: cuts) }
