internal import AyaCore
internal import AyaHTTP
internal import AyaReactor

/// One request of HTTP/2 and its answer, over a connection that is used for nothing else.
struct HTTP2Inquiry {
    var method = "GET"
    var path: String
    var authority: String
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []
    var isSecure: Bool

    struct Answer {
        var status = 0
        var body: [UInt8] = []
        /// In the head or in the trailers.
        var grpcStatus: GRPCStatus?
        fileprivate(set) var isWhole = false
    }

    /// Sends it and reads the answer, with so much of its body.
    func ask(_ connection: ProbeConnection, bodyLimit: Int) async throws(ProbeFailure) -> Answer {
        let session = HTTP2Session(isServer: false, limits: HTTP2Limits(), block: FieldBlock(capacity: 64 << 10))
        let out = Buffer(capacity: 64 << 10)
        session.start(out)
        guard let stream = session.open() else { throw ProbeFailure("no stream can be opened") }
        let head = encodedHead(session.encoder)
        unsafe session.sendHead(stream, head.unread.span, ends: body.isEmpty, out)
        if !body.isEmpty { session.sendData(stream, body.span, ends: true, out) }
        let input = Buffer(capacity: 64 << 10)
        var answer = Answer()
        while true {
            if !out.isEmpty {
                try await connection.send(unsafe Array(out.unread))
                out.clear()
            }
            if answer.isWhole || answer.status != 0 && bodyLimit == 0 { return answer }
            guard input.room > 0, try await connection.receive(into: input) else {
                throw ProbeFailure(answer.status == 0 ? "the answer is not HTTP/2" : "the answer was cut short")
            }
            try take(input, session, out, &answer, bodyLimit)
            input.compact()
        }
    }

    private func encodedHead(_ encoder: HPACKEncoder) -> Buffer {
        let head = Buffer(capacity: 16 << 10)
        encoder.begin(head)
        // Places of the pseudo-headers' names in the static table (RFC 7541 appendix A).
        encoder.indexedName(2, Array(method.utf8).span, to: head)
        encoder.indexed(isSecure ? 7 : 6, to: head)
        encoder.indexedName(1, Array(authority.utf8).span, to: head)
        encoder.indexedName(4, Array(path.utf8).span, to: head)
        for (name, value) in headers + [(name: "user-agent", value: "aya-health")] {
            let name = Array(name.utf8)
            let known = FieldName(name.span)
            if known.isAlwaysHopByHop && known != .te || known == .host { continue }
            encoder.field(name.span, Array(value.utf8).span, known: known, to: head)
        }
        return head
    }

    private func take(
        _ input: Buffer, _ session: HTTP2Session, _ out: Buffer, _ answer: inout Answer, _ limit: Int
    ) throws(ProbeFailure) {
        while true {
            var offset = 0
            let event = unsafe session.next(input.unread.span, at: &offset, out)
            switch event {
            case .needMore:
                input.consume(offset)
                return
            case .head(let stream, let ends): try takeHead(session, stream, ends: ends, &answer)
            case .data(let stream, let range, let credit, let ends):
                let start = input.start + range.lowerBound
                let kept = min(range.count, max(0, limit - answer.body.count))
                unsafe answer.body.append(contentsOf: input.bytes(start..<start + kept))
                session.consume(credit, of: stream, out)
                if ends || limit > 0 && answer.body.count >= limit { answer.isWhole = true }
            case .trailers:
                noteStatus(session.block, &answer)
                answer.isWhole = true
            case .reset(_, let code, let fault):
                if answer.status == 0 || !answer.isWhole {
                    throw ProbeFailure(fault.map { "\($0.detail)" } ?? "the stream was reset: \(code.name)")
                }
            case .failed(let fault): throw ProbeFailure("the answer breaks HTTP/2: \(fault.detail)")
            case .window, .settings, .goAway, .pong, .priority: break
            }
            input.consume(offset)
        }
    }

    private func takeHead(
        _ session: HTTP2Session, _ stream: HTTP2Stream, ends: Bool, _ answer: inout Answer
    ) throws(ProbeFailure) {
        let written = Buffer(capacity: 128 << 10)
        let context = ResponseDowngrade.Context(isHead: method == "HEAD")
        switch ResponseDowngrade.write(session.block, endsHere: ends, context, to: written) {
        case .failure(let fault): throw ProbeFailure("\(fault.detail)")
        case .success(let response):
            session.accept(stream, length: nil, isFinal: !response.isInterim)
            guard !response.isInterim else { return }
            answer.status = response.status
            noteStatus(session.block, &answer)
            answer.isWhole = ends
        }
    }

    private func noteStatus(_ block: FieldBlock, _ answer: inout Answer) {
        for field in block.fields where unsafe block.name(field).span.equalsIgnoringCase("grpc-status") {
            answer.grpcStatus = unsafe GRPCStatus(decimal: block.value(field).span)
        }
    }
}
