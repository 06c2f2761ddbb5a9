internal import AyaCore
internal import AyaHTTP
internal import AyaReactor

/// The request's head as the server gets it: the client's fields without those that concern only its connection
/// (RFC 9110 section 7.6.1), and what a proxy must or should say of itself and of the client.
extension HTTPConnection {
    func writeRequestHead(_ exchange: Exchange, to out: Buffer) {
        let request = exchange.request
        unsafe out.append(bytes(request.methodName))
        out.append(" ")
        writeTarget(exchange, to: out)
        out.append(" HTTP/1.1\r\nHost: ")
        unsafe out.append(bytes(request.authority))
        out.append("\r\n")
        // With them goes a stated length, which the parser has found to be one decimal number.
        let hasVia = copyFields(exchange, to: out)
        switch request.framing {
        case .chunked: out.append("Transfer-Encoding: chunked\r\n")
        case .length where exchange.web == .webText: out.append("Transfer-Encoding: chunked\r\n")
        case .none, .length, .untilClose: break
        }
        // HTTP/2 in a tunnel would carry requests past every route (RFC 9113 section 3.1 has retired h2c by upgrade).
        if let upgrade = request.upgrade, unsafe !bytes(upgrade).span.equalsIgnoringCase("h2c") {
            out.append("Connection: upgrade\r\nUpgrade: ")
            unsafe out.append(bytes(upgrade))
            out.append("\r\n")
        }
        // Trailers pass on HTTP/2 at both ends, and servers of gRPC want to hear that they are read.
        if request.acceptsTrailers || exchange.isTranslated, exchange.upstream?.isVirtual == true {
            out.append("TE: trailers\r\n")
        }
        writeForwardingFields(exchange, hasVia: hasVia, to: out)
        out.append("\r\n")
    }

    /// Servers get the origin form whatever the client used (RFC 9112 section 3.2.1); `*` stays.
    private func writeTarget(_ exchange: Exchange, to out: Buffer) {
        let request = exchange.request
        if request.form == .asterisk {
            out.append("*")
            return
        }
        if let normalized = exchange.normalizedPath {
            unsafe out.append(normalized.unread)
        } else if request.path.isEmpty {
            out.append("/")
        } else {
            unsafe out.append(bytes(request.path))
        }
        if let query = request.query {
            out.append("?")
            unsafe out.append(bytes(query))
        }
    }

    /// Returns whether there is a `Via` to lengthen.
    private func copyFields(_ exchange: Exchange, to out: Buffer) -> Bool {
        guard let input else { return false }
        var hasVia = false
        var copy = FieldCopy(from: input, to: out)
        let hasReserved = !listener.reservedHeaders.isEmpty
        let trace = exchange.trace
        for field in exchange.request.fields {
            if field.isHopByHop { continue }
            switch field.known {
            // Written anew.
            case .host, .transferEncoding, .xForwardedFor, .xForwardedProto, .xForwardedHost, .xForwardedPort,
                .xRequestID:
                continue
            case .via:
                hasVia = true
                continue
            case .contentType where exchange.isTranslated:
                copy.flush()
                unsafe writeContentType(bytes(field.value), behind: exchange.web.name, as: GRPCKind.plain.name, to: out)
                continue
            case .contentLength where exchange.web == .webText: continue
            // Of a peer that is not trusted, claims about the client go no further; a trusted one's are lengthened.
            case .forwarded where !isTrusted || listener.addsForwarded: continue
            default:
                if hasReserved, isReserved(field) { continue }
                if let trace, isReplacedByTrace(field, trace) { continue }
                copy.add(field)
            }
        }
        copy.flush()
        return hasVia
    }

    private func isReserved(_ field: Field) -> Bool {
        let name = unsafe bytes(field.name).span
        return listener.reservedHeaders.contains { name.equalsIgnoringCase($0.span) }
    }

    /// Whom the client's certificate names.
    private func writeIdentity(to out: Buffer) {
        guard let header = listener.identityHeader, let subject = identity else { return }
        out.append(header)
        out.append(": ")
        out.append(subject)
        out.append("\r\n")
    }

    /// `X-Forwarded-*`, `Via` and `X-Request-Id`. A trusted peer's are kept and lengthened, all others replaced.
    private func writeForwardingFields(_ exchange: Exchange, hasVia: Bool, to out: Buffer) {
        let request = exchange.request
        out.append("X-Forwarded-For: ")
        if isTrusted { appendValues(of: .xForwardedFor, request, to: out) }
        if let client { out.append(client.ip) } else { out.append("unix") }
        if !isTrusted, !hasVia, request.minorVersion > 0, !isLane {
            // The usual case in two pieces, of which the second is made once.
            if tls == nil {
                out.append("\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: ")
            } else {
                out.append("\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: ")
            }
            unsafe out.append(bytes(request.authority))
            out.append(listener.forwardingTail)
        } else {
            out.append("\r\nX-Forwarded-Proto: ")
            if !isTrusted || !appendFirst(.xForwardedProto, request, to: out) {
                out.append("http")
                if tls != nil { out.append("s") }
            }
            out.append("\r\nX-Forwarded-Host: ")
            if !isTrusted || !appendFirst(.xForwardedHost, request, to: out) {
                unsafe out.append(bytes(request.authority))
            }
            out.append("\r\nX-Forwarded-Port: ")
            if !isTrusted || !appendFirst(.xForwardedPort, request, to: out) { out.append(listener.portText) }
            out.append("\r\nVia: ")
            if hasVia { appendValues(of: .via, request, to: out) }
            out.append(isLane ? "2.0" : request.minorVersion > 0 ? "1.1" : "1.0")
            out.append(" aya\r\nX-Request-Id: ")
        }
        writeRequestIDText(exchange, to: out)
        out.append("\r\n")
        if listener.addsForwarded { writeForwarded(request, to: out) }
        if identity != nil { writeIdentity(to: out) }
        // RFC 8470 section 5.1: the server may ask for it to be sent again, with 425.
        if exchange.isEarly { out.append("Early-Data: 1\r\n") }
        if let trace = exchange.trace { writeTrace(trace, attempt: exchange.attempts, to: out) }
    }

    /// RFC 7239 section 4; an IPv6 address stands in brackets and quotes (section 6).
    private func writeForwarded(_ request: RequestHead, to out: Buffer) {
        out.append("Forwarded: ")
        if isTrusted { appendValues(of: .forwarded, request, to: out) }
        out.append("for=")
        switch client?.ip {
        case nil: out.append("unknown")
        case let ip? where ip.family == .v4: out.append(ip)
        case let ip?:
            out.append("\"[")
            out.append(ip)
            out.append("]\"")
        }
        if !request.authority.isEmpty {
            // Quoted, for the colon of a port; an authority has no character that would need an escape.
            out.append(";host=\"")
            unsafe out.append(bytes(request.authority))
            out.append("\"")
        }
        out.append(tls == nil ? ";proto=http\r\n" : ";proto=https\r\n")
    }

    func writeRequestID(_ exchange: Exchange, to out: Buffer) {
        out.append("X-Request-Id: ")
        writeRequestIDText(exchange, to: out)
        out.append("\r\n")
    }

    func writeRequestIDText(_ exchange: Exchange, to out: Buffer) {
        if let kept = exchange.keptID {
            unsafe out.append(bytes(kept))
        } else {
            out.append(hexadecimal: exchange.id.high)
            out.append(hexadecimal: exchange.id.low)
        }
    }

    /// Every value of a list field, each with the comma that joins it to what follows.
    private func appendValues(of name: FieldName, _ request: RequestHead, to out: Buffer) {
        for field in request.fields where field.known == name && !field.isHopByHop {
            unsafe out.append(bytes(field.value))
            out.append(", ")
        }
    }

    private func appendFirst(_ name: FieldName, _ request: RequestHead, to out: Buffer) -> Bool {
        guard let field = request.firstField(name), !field.value.isEmpty else { return false }
        unsafe out.append(bytes(field.value))
        return true
    }
}
