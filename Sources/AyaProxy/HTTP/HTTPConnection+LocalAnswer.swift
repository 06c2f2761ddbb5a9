internal import AyaConfig
internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTLS
internal import AyaTelemetry

/// What Aya answers itself: failures, redirects, fixed responses, and the admin service.
extension HTTPConnection {
    /// The request cannot be understood: 4xx or 5xx, and the end of the connection, whose framing is lost.
    func refuse(_ exchange: Exchange, _ reason: Reason, _ fault: MessageFault?) async -> Ending {
        listener.metrics.counts.requests &+= 1
        exchange.start = worker.now
        exchange.id = RequestID(high: worker.random.next(), low: worker.random.next())
        exchange.keepAlive = false
        exchange.consumed = input?.count ?? 0
        expectsMore = true
        return await fail(exchange, reason, detail: fault?.detail, isParsed: false)
    }

    /// Answers with the reason's status and a problem document (RFC 9457).
    func fail(
        _ exchange: Exchange, _ reason: Reason, status: Int? = nil, detail: StaticString? = nil, isParsed: Bool = true
    ) async -> Ending {
        exchange.reason = reason
        let status = status ?? reason.status
        // After a request that broke the protocol nobody can say where the next one begins.
        if reason.blame == .client, reason != .noRoute, reason != .tooEarly {
            exchange.keepAlive = false
            expectsMore = true
        }
        if exchange.isCall { return await failCall(exchange, reason) }
        let problem = worker.buffers.takeLarge()
        defer { worker.buffers.give(problem) }
        let details = ProblemDetails(
            status: status, title: reason.title, detail: detail, code: reason.code,
            blame: reason.blame?.rawValue ?? "", idHigh: exchange.id.high, idLow: exchange.id.low)
        let isPlain = isParsed && wantsPlainText(exchange.request)
        if isPlain { details.writeText(to: problem) } else { details.write(to: problem) }
        return await respond(exchange, status: status, body: problem, isParsed: isParsed) { out in
            if isPlain {
                out.append("Content-Type: text/plain; charset=utf-8\r\n")
            } else {
                out.append("Content-Type: application/problem+json\r\n")
            }
            if status == 503 {
                out.append("Retry-After: ")
                out.append(decimal: UInt64(max(0, exchange.retryAfter)))
                out.append("\r\n")
            }
        }
    }

    /// People at a terminal ask for text; everybody else gets what a program can read.
    private func wantsPlainText(_ request: RequestHead) -> Bool {
        guard let accept = request.firstField(.accept) else { return false }
        return unsafe String(decoding: bytes(accept.value), as: UTF8.self).hasPrefix("text/plain")
    }

    func answer(_ exchange: Exchange, by route: RouteRuntime) async -> Ending {
        switch route.action {
        case .redirect(let redirect): return await answer(exchange, redirect)
        case .respond(let response): return await answer(exchange, response)
        case .forward, .split: return await fail(exchange, .internal)
        }
    }

    func answer(_ exchange: Exchange, _ fixed: Blueprint.Route.FixedResponse) async -> Ending {
        let body = Buffer(capacity: max(1, fixed.body.utf8.count))
        body.append(text: fixed.body)
        return await respond(exchange, status: fixed.status, body: body) { out in
            for header in fixed.headers {
                out.append(text: header.name)
                out.append(": ")
                out.append(text: header.value)
                out.append("\r\n")
            }
            if !fixed.body.isEmpty, !fixed.headers.contains(where: { $0.name.lowercased() == "content-type" }) {
                out.append("Content-Type: text/plain; charset=utf-8\r\n")
            }
        }
    }

    func answer(_ exchange: Exchange, _ redirect: Blueprint.Route.Redirect) async -> Ending {
        let empty = worker.buffers.takeSmall()
        defer { worker.buffers.give(empty) }
        return await respond(exchange, status: redirect.status, body: empty) { out in
            out.append("Location: ")
            self.expand(redirect.to, exchange, to: out)
            out.append("\r\n")
        }
    }

    /// Puts the request's own parts in the place of `{host}`, `{path}`, `{query}` and `{scheme}`.
    private func expand(_ template: String, _ exchange: Exchange, to out: Buffer) {
        let request = exchange.request
        var rest = template[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            out.append(text: String(rest[..<open]))
            switch rest[rest.index(after: open)..<close] {
            case "host": unsafe out.append(bytes(request.host))
            case "path":
                if let normalized = exchange.normalizedPath {
                    unsafe out.append(normalized.unread)
                } else {
                    unsafe out.append(bytes(request.path))
                }
            case "query":
                if let query = request.query {
                    out.append("?")
                    unsafe out.append(bytes(query))
                }
            case "scheme": out.append(tls == nil ? "http" : "https")
            default: out.append(text: String(rest[open...close]))
            }
            rest = rest[rest.index(after: close)...]
        }
        out.append(text: String(rest))
    }

    /// Hands the request to a service of Aya's own, off the worker, and sends what it answers.
    func serve(_ exchange: Exchange) async -> Ending {
        guard let service = listener.service else { return await fail(exchange, .internal) }
        guard let request = await serviceRequest(exchange) else {
            return await fail(exchange, exchange.reason == .ok ? .bodyTooLarge : exchange.reason)
        }
        let response = await service.respond(to: request)
        if let feed = response.feed { return await stream(feed, exchange, response) }
        let body = Buffer(capacity: max(1, response.body.count))
        body.append(response.body)
        return await respond(exchange, status: response.status, body: body) { out in
            for header in response.headers {
                out.append(text: header.name)
                out.append(": ")
                out.append(text: header.value)
                out.append("\r\n")
            }
        }
    }

    /// The request as plain values; nil when its body is not here whole. Admin requests are small.
    private func serviceRequest(_ exchange: Exchange) async -> ServiceRequest? {
        let request = exchange.request
        var body: [UInt8] = []
        switch request.framing {
        case .none, .untilClose: break
        case .chunked: return nil
        case .length(let length):
            guard length <= 32 << 10, await readBody(exchange, Int(length)), let input else { return nil }
            let start = input.start + request.byteCount
            body = unsafe Array(input.bytes(start..<start + Int(length)))
            exchange.consumed = request.byteCount + Int(length)
        }
        func text(_ slice: Slice) -> String { unsafe String(decoding: bytes(slice), as: UTF8.self) }
        return ServiceRequest(
            method: text(request.methodName), path: text(request.path), query: request.query.map(text),
            headers: request.fields.map { (name: text($0.name).lowercased(), value: text($0.value)) }, body: body,
            client: client, certificate: tls?.peerSubject.map { String(decoding: $0, as: UTF8.self) })
    }

    private func readBody(_ exchange: Exchange, _ length: Int) async -> Bool {
        let deadline = worker.now + listener.timeouts.body
        while let buffer = input, buffer.count < exchange.request.byteCount + length {
            if buffer.room == 0 {
                guard makeRoom(in: buffer) else { return false }
                continue
            }
            switch socket.receive(into: buffer) {
            case .bytes: break
            case .end, .failed:
                exchange.reason = .clientGone
                return false
            case .wouldBlock:
                guard await wait(until: deadline) else {
                    exchange.reason = .bodyTimeout
                    return false
                }
            }
        }
        return true
    }

    /// Sends a whole answer. A request body that has not arrived yet is not waited for: the connection ends instead.
    func respond(
        _ exchange: Exchange, status: Int, body: Buffer, isParsed: Bool = true, fields: (Buffer) -> Void
    ) async -> Ending {
        if isParsed { settleUnreadBody(exchange) }
        exchange.status = status
        let hasBody = status != 204 && status != 304
        let isHead = isParsed && exchange.request.method == .head
        let out = worker.buffers.takeLarge()
        defer { worker.buffers.give(out) }
        out.append("HTTP/1.1 ")
        out.append(decimal: UInt64(status))
        out.append(" ")
        out.append(HTTPStatus.phrase(status))
        // Whoever makes an answer says when (RFC 9110 section 6.6.1).
        out.append("\r\nDate: ")
        HTTPDate(unixSeconds: worker.wallClock / 1_000_000_000).write(to: out)
        out.append("\r\n")
        fields(out)
        if hasBody {
            out.append("Content-Length: ")
            out.append(decimal: UInt64(body.count))
            out.append("\r\n")
        }
        writeRequestID(exchange, to: out)
        if isParsed { writeConnection(exchange, to: out) } else { out.append("Connection: close\r\n") }
        out.append("\r\n")
        let deadline = worker.now + listener.timeouts.body
        let sendsBody = hasBody && !isHead
        noteSent(UInt64(out.count + (sendsBody ? body.count : 0)))
        if await send(out, to: socket, deadline: deadline, more: sendsBody && !body.isEmpty) != nil {
            return gone(exchange)
        }
        if sendsBody {
            exchange.responseBodyBytes = UInt64(body.count)
            if await send(body, to: socket, deadline: deadline) != nil { return gone(exchange) }
        }
        return exchange.keepAlive ? .keepAlive : .close
    }

    /// A body that came with the head is skipped; one that is still to come ends the connection.
    private func settleUnreadBody(_ exchange: Exchange) {
        guard let input, exchange.consumed <= exchange.request.byteCount else { return }
        switch exchange.request.framing {
        case .none, .untilClose: break
        case .length(let length) where length <= UInt64(max(0, input.count - exchange.request.byteCount)):
            exchange.consumed = exchange.request.byteCount + Int(length)
        case .length, .chunked:
            exchange.keepAlive = false
            expectsMore = true
        }
    }
}
