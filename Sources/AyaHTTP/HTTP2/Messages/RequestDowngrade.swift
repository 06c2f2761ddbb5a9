package import AyaCore

/// A request of HTTP/2, checked (RFC 9113 section 8.3) and written as one of HTTP/1.1.
package struct RequestDowngrade {
    package private(set) var method = Method.other
    package private(set) var contentLength: UInt64?
    /// Extended CONNECT (RFC 8441): the stream is a tunnel once it is accepted.
    package private(set) var isTunnel = false
    package private(set) var priority: Slice?

    private var methodName = Slice.empty
    private var scheme = Slice.empty
    private var authority = Slice.empty
    private var path = Slice.empty
    private var tunnelProtocol = Slice.empty
    private var host = Slice.empty
    private var seen: UInt8 = 0
    private var hasCookies = false

    private init() {}

    private enum Pseudo: UInt8 {
        case method = 1
        case scheme = 2
        case authority = 4
        case path = 8
        case tunnelProtocol = 16
        static var host: UInt8 { 32 }

        init?(_ name: Span<UInt8>) {
            if name.equalsIgnoringCase(":method") {
                self = .method
            } else if name.equalsIgnoringCase(":scheme") {
                self = .scheme
            } else if name.equalsIgnoringCase(":authority") {
                self = .authority
            } else if name.equalsIgnoringCase(":path") {
                self = .path
            } else if name.equalsIgnoringCase(":protocol") {
                self = .tunnelProtocol
            } else {
                return nil
            }
        }
    }

    private func has(_ pseudo: Pseudo) -> Bool { seen & pseudo.rawValue != 0 }

    /// Checks the block and writes the head with its empty line.
    ///
    /// - Parameters:
    ///   - endsHere: no body follows.
    ///   - key: sixteen random bytes, for the handshake of a WebSocket (RFC 6455 section 4.1).
    package static func write(
        _ block: FieldBlock, endsHere: Bool, key: (UInt64, UInt64) = (0, 0), to out: Buffer
    ) -> Result<RequestDowngrade, HTTP2Fault> {
        let bytes = unsafe block.bytes.unread.span
        var request = RequestDowngrade()
        if let fault = request.read(block.fields, bytes) ?? request.check(bytes, endsHere: endsHere) {
            return .failure(fault)
        }
        request.write(block.fields, bytes, endsHere: endsHere, key: key, to: out)
        return .success(request)
    }

    private mutating func read(_ fields: FieldList, _ bytes: Span<UInt8>) -> HTTP2Fault? {
        var isBehindPseudo = false
        for field in fields {
            if bytes.startsPseudo(field) {
                guard !isBehindPseudo, let pseudo = Pseudo(bytes.extracting(field.name.range)) else {
                    return FieldRules.malformed("a pseudo-header is unknown, or stands behind a field")
                }
                if let fault = take(pseudo, field, bytes) { return fault }
                continue
            }
            isBehindPseudo = true
            if let fault = FieldRules.fault(field, bytes) { return fault }
            switch field.known {
            case .host:
                if seen & Pseudo.host != 0 { return FieldRules.malformed("there is more than one host") }
                seen |= Pseudo.host
                host = field.value
            case .contentLength:
                guard contentLength == nil, let length = FieldRules.length(bytes, field.value) else {
                    return FieldRules.malformed("the content-length is not one decimal number")
                }
                contentLength = length
            case .cookie: hasCookies = true
            case .other where bytes.extracting(field.name.range).equalsIgnoringCase("priority"):
                priority = field.value
            default: break
            }
        }
        return nil
    }

    private mutating func take(_ pseudo: Pseudo, _ field: Field, _ bytes: Span<UInt8>) -> HTTP2Fault? {
        if has(pseudo) { return FieldRules.malformed("a pseudo-header comes twice") }
        seen |= pseudo.rawValue
        guard !field.value.isEmpty else { return FieldRules.malformed("a pseudo-header is empty") }
        // White space or a control byte would end the request line early.
        for at in field.value.range where bytes[at] <= 0x20 || bytes[at] == 0x7f {
            return FieldRules.malformed("a pseudo-header has white space or a control byte")
        }
        switch pseudo {
        case .method: methodName = field.value
        case .scheme: scheme = field.value
        case .authority: authority = field.value
        case .path: path = field.value
        case .tunnelProtocol: tunnelProtocol = field.value
        }
        return nil
    }

    private mutating func check(_ bytes: Span<UInt8>, endsHere: Bool) -> HTTP2Fault? {
        guard has(.method) else { return FieldRules.malformed("there is no :method") }
        for at in methodName.range where !ByteClass.token.contains(bytes[at]) {
            return FieldRules.malformed("the :method is not a token")
        }
        method = Method(bytes, from: Int(methodName.start), to: Int(methodName.end))
        isTunnel = has(.tunnelProtocol)
        if isTunnel {
            guard method == .connect else { return FieldRules.malformed(":protocol goes with CONNECT alone") }
            for at in tunnelProtocol.range where !ByteClass.token.contains(bytes[at]) {
                return FieldRules.malformed("the :protocol is not a token")
            }
            // The tunnel's bytes have no length, and its upgrade is asked for with GET.
            if contentLength != nil { return FieldRules.malformed("a tunnel has a content-length") }
            method = .get
        }
        if method == .connect {
            if has(.scheme) || has(.path) || !has(.authority) {
                return FieldRules.malformed("CONNECT has a scheme or path, or no authority")
            }
        } else {
            guard has(.scheme), has(.path) else { return FieldRules.malformed("there is no :scheme or no :path") }
            let first = bytes[Int(path.start)]
            let isAsterisk = method == .options && path.count == 1 && first == UInt8(ascii: "*")
            guard first == UInt8(ascii: "/") || isAsterisk else {
                return FieldRules.malformed("the :path does not begin with a slash")
            }
        }
        if seen & Pseudo.host != 0 {
            if !has(.authority) {
                authority = host
            } else if !bytes.extracting(authority.range).equalsIgnoringCase(bytes.extracting(host.range)) {
                return FieldRules.malformed(":authority and host differ")
            }
        }
        if endsHere, let contentLength, contentLength > 0 {
            return FieldRules.malformed("the content-length announces a body that does not come")
        }
        return nil
    }

    private func write(
        _ fields: FieldList, _ bytes: Span<UInt8>, endsHere: Bool, key: (UInt64, UInt64), to out: Buffer
    ) {
        if isTunnel { out.append("GET") } else { out.append(bytes.extracting(methodName.range)) }
        out.append(" ")
        out.append(bytes.extracting(method == .connect ? authority.range : path.range))
        out.append(" HTTP/1.1\r\n")
        if !authority.isEmpty {
            out.append("Host: ")
            out.append(bytes.extracting(authority.range))
            out.append("\r\n")
        }
        for field in fields {
            switch field.known {
            case .host, .cookie: continue
            default: if bytes.startsPseudo(field) { continue }
            }
            out.appendField(name: bytes.extracting(field.name.range), value: bytes.extracting(field.value.range))
        }
        if hasCookies { writeCookies(fields, bytes, to: out) }
        if isTunnel {
            writeUpgrade(bytes, key, to: out)
        } else if !endsHere, contentLength == nil {
            out.append("Transfer-Encoding: chunked\r\n")
        }
        out.append("\r\n")
    }

    /// Crumbs become one field again (RFC 9113 section 8.2.3).
    private func writeCookies(_ fields: FieldList, _ bytes: Span<UInt8>, to out: Buffer) {
        var isFirst = true
        for field in fields where field.known == .cookie {
            if isFirst { out.append("Cookie: ") } else { out.append("; ") }
            isFirst = false
            out.append(bytes.extracting(field.value.range))
        }
        out.append("\r\n")
    }

    /// RFC 8441 section 5: what a WebSocket's handshake over HTTP/2 leaves out is put in again.
    private func writeUpgrade(_ bytes: Span<UInt8>, _ key: (UInt64, UInt64), to out: Buffer) {
        out.append("Connection: upgrade\r\nUpgrade: ")
        out.append(bytes.extracting(tunnelProtocol.range))
        out.append("\r\n")
        guard bytes.extracting(tunnelProtocol.range).equalsIgnoringCase("websocket") else { return }
        out.append("Sec-WebSocket-Key: ")
        out.appendBase64(high: key.0, low: key.1)
        out.append("\r\n")
    }
}

extension Span where Element == UInt8 {
    @inline(__always)
    func startsPseudo(_ field: Field) -> Bool {
        !field.name.isEmpty && Int(field.name.start) < count && self[Int(field.name.start)] == UInt8(ascii: ":")
    }
}

extension Buffer {
    /// Sixteen bytes in base64 (RFC 4648 section 4).
    func appendBase64(high: UInt64, low: UInt64) {
        var bytes: [UInt8] = []
        for word in [high, low] {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
            }
        }
        appendBase64(bytes)
    }

    package func appendBase64(_ bytes: [UInt8]) { Base64Stream.encode(bytes.span, into: self) }
}
