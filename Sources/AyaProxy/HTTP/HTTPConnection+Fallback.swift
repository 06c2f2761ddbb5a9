internal import AyaConfig
internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTelemetry

/// What a client gets when the pool can not answer: another pool's answer, a fixed one, an earlier one, or the failure.
extension HTTPConnection {
    /// Ends an exchange that the pool could not serve; nothing of an answer has gone out.
    ///
    /// - Parameter isRepeatable: the request can go to a server of another pool as it is.
    func surrender(
        _ exchange: Exchange, _ reason: Reason, of pool: PoolRuntime, isRepeatable: Bool
    ) async -> Ending {
        if reason == .breakerOpen { exchange.retryAfter = pool.admission?.retryAfter ?? 1 }
        guard let fallback = pool.fallback, Fallback.covers(reason) else { return await fail(exchange, reason) }
        switch fallback {
        case .pool(let other):
            guard isRepeatable else { break }
            pool.metrics.counts.fallbacks &+= 1
            // Subsets and the client's own server are those of the pool that the route meant.
            exchange.subset = 0
            exchange.persistent = PersistentClient()
            return await forward(exchange, to: other)
        case .respond(let response):
            exchange.reason = reason
            pool.metrics.counts.fallbacks &+= 1
            return await answer(exchange, response)
        case .stale(let answers):
            guard let (key, request) = staleKey(exchange), exchange.request.firstField(.authorization) == nil,
                let answer = answers.find(key, request: request, now: worker.now)
            else { break }
            exchange.reason = reason
            pool.metrics.counts.fallbacks &+= 1
            return await give(exchange, answer)
        }
        return await fail(exchange, reason)
    }

    private func give(_ exchange: Exchange, _ answer: StaleAnswers.Answer) async -> Ending {
        let body = Buffer(capacity: max(1, answer.body.count))
        body.append(answer.body)
        let age = max(0, (worker.now - answer.since).nanoseconds / 1_000_000_000)
        return await respond(exchange, status: 200, body: body) { out in
            out.append(answer.fields)
            out.append("Age: ")
            out.append(decimal: UInt64(age))
            // RFC 9211: it was fresh once, and stands in for an error.
            out.append("\r\nCache-Status: aya; hit; detail=fallback\r\n")
        }
    }

    // MARK: keeping answers

    /// Keeps an answer that is here whole, for the time when there is none. Only what anybody may see: to a plain GET
    /// without credentials, and neither private nor with a cookie of somebody's own (RFC 9111 section 3).
    func keepAnswer(_ exchange: Exchange, in answers: StaleAnswers) {
        let request = exchange.request
        guard exchange.response.status == 200, request.method == .get, isForAnybody(exchange),
            let answer = exchange.answer, case .length(let length) = exchange.response.framing,
            length <= UInt64(StaleAnswers.longest), answer.count - exchange.response.byteCount >= Int(length),
            let (key, asked) = staleKey(exchange), answers.wants(key, now: worker.now)
        else { return }
        let start = answer.start + exchange.response.byteCount
        answers.keep(
            key, request: asked, fields: keptFields(exchange, answer),
            body: unsafe Array(answer.bytes(start..<start + Int(length))), now: worker.now)
    }

    private func isForAnybody(_ exchange: Exchange) -> Bool {
        for field in exchange.request.fields {
            switch field.known {
            case .authorization, .cookie, .range: return false
            default: continue
            }
        }
        guard let answer = exchange.answer else { return false }
        let head = unsafe answer.unread.span
        for field in exchange.response.fields {
            let value = head.extracting(field.value.range)
            switch field.known {
            case .setCookie: return false
            case .cacheControl:
                if value.listContains("private") || value.listContains("no-store") { return false }
            case .vary:
                // The key has the encoding; anything else may make it somebody's own.
                if !value.equalsIgnoringCase("accept-encoding") { return false }
            default: continue
            }
        }
        return true
    }

    private func keptFields(_ exchange: Exchange, _ answer: Buffer) -> [UInt8] {
        var fields: [UInt8] = []
        for field in exchange.response.fields where !field.isHopByHop {
            switch field.known {
            case .contentLength, .transferEncoding, .xRequestID, .age: continue
            default: break
            }
            for slice in [field.name, field.value] {
                let range = slice.range(from: answer.start)
                unsafe fields.append(contentsOf: answer.bytes(range))
                fields.append(contentsOf: slice == field.name ? Array(": ".utf8) : Array("\r\n".utf8))
            }
        }
        return fields
    }

    /// Route, host, target and the encodings that the client takes; nil for what is not asked with GET or HEAD.
    private func staleKey(_ exchange: Exchange) -> (UInt64, [UInt8])? {
        let request = exchange.request
        guard request.method == .get || request.method == .head, let route = exchange.route else { return nil }
        // By its name, as its number changes with the configuration.
        var asked = route.name
        asked.append(0)
        unsafe asked.append(contentsOf: bytes(request.host).lazy.map(\.asciiLowercased))
        asked.append(0)
        unsafe asked.append(contentsOf: bytes(request.target))
        asked.append(0)
        if let encodings = request.firstField(.acceptEncoding) {
            unsafe asked.append(contentsOf: bytes(encodings.value))
        }
        // FNV-1a.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in asked { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return (hash, asked)
    }
}
