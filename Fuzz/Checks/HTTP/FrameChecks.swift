internal import AyaCore
internal import AyaHTTP

/// What must hold for any bytes that a peer sends on a connection of HTTP/2, at either end of it.
enum FrameChecks {
    /// What came of the bytes, as values.
    struct Outcome: Equatable {
        var events: [String] = []
        var sent: [UInt8] = []
    }

    static func server(_ bytes: [UInt8]) { check(bytes, isServer: true) }
    static func client(_ bytes: [UInt8]) { check(bytes, isServer: false) }

    private static func check(_ bytes: [UInt8], isServer: Bool) {
        let input = (isServer ? Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) : []) + bytes
        let whole = End(isServer: isServer).run(input, cuts: [])
        for cuts in Cuts.of(bytes) {
            precondition(End(isServer: isServer).run(input, cuts: cuts) == whole, "split differs")
        }
    }

    /// One end of a connection, with somebody behind it who answers whatever comes.
    final class End {
        private let session: HTTP2Session
        private let out = Buffer(capacity: 1 << 18)
        private var outcome = Outcome()
        private var isFailed = false
        private let head = Buffer(capacity: 1 << 16)

        init(isServer: Bool) {
            var limits = HTTP2Limits()
            limits.maxConcurrentStreams = 4
            limits.streamWindow = 1024
            limits.connectionWindow = 66000
            limits.headerList = 2048
            limits.headerCount = 20
            limits.headerBlock = 2048
            session = HTTP2Session(isServer: isServer, limits: limits, block: FieldBlock(capacity: 1 << 15))
            session.start(out)
            if !isServer { for _ in 0..<4 { ask() } }
            collect()
        }

        private func ask() {
            guard let stream = session.open() else { return }
            head.clear()
            session.encoder.begin(head)
            session.encoder.indexed(2, to: head)
            unsafe session.sendHead(stream, head.unread.span, ends: stream.id % 4 == 1, out)
        }

        func run(_ input: [UInt8], cuts: [Int]) -> Outcome {
            var offset = 0
            for cut in cuts + [input.count] {
                let here = Array(input[..<cut])
                while !isFailed {
                    let before = offset
                    let event = session.next(here.span, at: &offset, out)
                    precondition(offset >= before && offset <= here.count, "consumed what was not there")
                    if case .needMore = event { break }
                    take(event, here)
                    collect()
                    check()
                }
            }
            return outcome
        }

        private func take(_ event: HTTP2Event, _ input: [UInt8]) {
            switch event {
            case .needMore: break
            case .head(let stream, let ends): takeHead(stream, ends: ends)
            case .data(let stream, let range, let credit, let ends):
                outcome.events.append("data \(stream.id) \(Array(input[range])) \(ends)")
                precondition(credit >= range.count, "less credit than bytes")
                session.consume(credit, of: stream, out)
                send(stream, ends: ends)
            case .trailers(let stream):
                outcome.events.append("trailers \(stream.id) \(HPACKChecks.lines(session.block))")
                send(stream, ends: true)
            case .reset(let stream, let code, _):
                outcome.events.append("reset \(stream.id) \(code)")
                precondition(stream.isClosed, "a stream that was reset is open")
            case .window(let stream):
                outcome.events.append("window \(stream?.id ?? 0)")
                if let stream { send(stream, ends: false) }
            case .settings: outcome.events.append("settings")
            case .goAway(let last, let code): outcome.events.append("goaway \(last) \(code)")
            case .pong(let payload): outcome.events.append("pong \(payload)")
            case .priority(let stream): outcome.events.append("priority \(stream.id) \(stream.priority)")
            case .failed(let fault):
                outcome.events.append("failed \(fault.code)")
                isFailed = true
            }
        }

        private func takeHead(_ stream: HTTP2Stream, ends: Bool) {
            outcome.events.append("head \(stream.id) \(ends) \(HPACKChecks.lines(session.block))")
            let written = Buffer(capacity: 1 << 16)
            if session.isServer {
                switch RequestDowngrade.write(session.block, endsHere: ends, to: written) {
                case .success(let request):
                    session.accept(stream, length: request.contentLength, isFinal: true)
                    head.clear()
                    session.encoder.begin(head)
                    session.encoder.status(200, to: head)
                    unsafe session.sendHead(stream, head.unread.span, ends: false, out)
                    send(stream, ends: ends)
                case .failure(let fault): take(session.refuse(stream, fault, out), [])
                }
            } else {
                let context = ResponseDowngrade.Context(isHead: false)
                switch ResponseDowngrade.write(session.block, endsHere: ends, context, to: written) {
                case .success(let response):
                    session.accept(stream, length: response.contentLength, isFinal: !response.isInterim)
                    if ends { ask() }
                case .failure(let fault): take(session.refuse(stream, fault, out), [])
                }
            }
        }

        private func send(_ stream: HTTP2Stream, ends: Bool) {
            let allowance = session.allowance(stream)
            precondition(allowance >= 0, "more than nothing may go")
            let payload = Array(repeating: UInt8(ascii: "x"), count: min(allowance, 3000))
            session.sendData(stream, payload.span, ends: ends, out)
        }

        /// What was written are whole frames, and nothing that the peer forbids.
        private func collect() {
            let bytes = unsafe Array(out.unread)
            out.clear()
            var at = 0
            if !session.isServer, outcome.sent.isEmpty { at = 24 }
            while at < bytes.count {
                guard let header = FrameHeader(bytes.span, at: at) else { preconditionFailure("half a frame") }
                precondition(header.length <= 16384 && at + 9 + header.length <= bytes.count, "half a frame")
                at += 9 + header.length
            }
            outcome.sent += bytes
        }

        private func check() {
            var open = 0
            session.forEachStream { stream in
                open += 1
                precondition(!stream.isClosed, "a closed stream is kept")
                precondition(isFailed || stream.sendWindow <= 0x7fff_ffff, "a window beyond its bound")
                precondition(isFailed || stream.receiveWindow >= 0, "more than the window was taken")
                precondition(!(stream.hasEnded && stream.isEnded), "a stream that both have ended is kept")
            }
            precondition(open == session.streamCount && open <= 8, "too many streams")
            precondition(isFailed == session.hasFailed, "failed without a word")
            precondition(isFailed || session.sendWindow <= 0x7fff_ffff, "a window beyond its bound")
        }
    }
}
