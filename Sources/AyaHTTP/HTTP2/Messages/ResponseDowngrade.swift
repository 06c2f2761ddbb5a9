package import AyaCore

/// A response of HTTP/2, checked (RFC 9113 section 8.3.2) and written as one of HTTP/1.1.
package struct ResponseDowngrade {
    package private(set) var status = 0
    package private(set) var contentLength: UInt64?

    /// A head before the final one (RFC 9110 section 15.2).
    package var isInterim: Bool { status < 200 }

    /// How the body stands in the HTTP/1.1 message.
    package private(set) var framing = BodyFraming.none

    private init() {}

    /// What the request was, as far as its response depends on it.
    package struct Context {
        package var isHead: Bool
        /// The `Upgrade` of an extended CONNECT, whose 2xx becomes a 101; empty otherwise.
        package var tunnelProtocol: [UInt8]
        /// Fields that such a 101 must have, as lines.
        package var tunnelFields: [UInt8]

        package init(isHead: Bool, tunnelProtocol: [UInt8] = [], tunnelFields: [UInt8] = []) {
            self.isHead = isHead
            self.tunnelProtocol = tunnelProtocol
            self.tunnelFields = tunnelFields
        }
    }

    /// Checks the block and writes the head with its empty line.
    package static func write(
        _ block: FieldBlock, endsHere: Bool, _ context: Context, to out: Buffer
    ) -> Result<ResponseDowngrade, HTTP2Fault> {
        let bytes = unsafe block.bytes.unread.span
        var response = ResponseDowngrade()
        if let fault = response.read(block.fields, bytes) { return .failure(fault) }
        let isTunnel = !context.tunnelProtocol.isEmpty && (200..<300).contains(response.status)
        if response.isInterim, endsHere || response.status == 101 {
            return .failure(FieldRules.malformed("an interim response ends the stream, or is a 101"))
        }
        let hasNoBody = response.isInterim || context.isHead || response.status == 204 || response.status == 304
        if endsHere, !hasNoBody, let length = response.contentLength, length > 0 {
            return .failure(FieldRules.malformed("the content-length announces a body that does not come"))
        }
        if !hasNoBody, !isTunnel {
            response.framing = response.contentLength.map { .length($0) } ?? (endsHere ? .none : .chunked)
        }
        if isTunnel { response.status = 101 }
        response.write(block.fields, bytes, context, hasNoBody: hasNoBody, to: out)
        return .success(response)
    }

    private mutating func read(_ fields: FieldList, _ bytes: Span<UInt8>) -> HTTP2Fault? {
        var isBehindPseudo = false
        for field in fields {
            if bytes.startsPseudo(field) {
                guard !isBehindPseudo, status == 0,
                    bytes.extracting(field.name.range).equalsIgnoringCase(":status"), field.value.count == 3,
                    let code = FieldRules.length(bytes, field.value), (100..<600).contains(code)
                else { return FieldRules.malformed("the pseudo-headers are not one :status with a code") }
                status = Int(code)
                continue
            }
            isBehindPseudo = true
            if let fault = FieldRules.fault(field, bytes) { return fault }
            guard field.known == .contentLength else { continue }
            guard contentLength == nil, let length = FieldRules.length(bytes, field.value) else {
                return FieldRules.malformed("the content-length is not one decimal number")
            }
            contentLength = length
        }
        return status == 0 ? FieldRules.malformed("there is no :status") : nil
    }

    private func write(
        _ fields: FieldList, _ bytes: Span<UInt8>, _ context: Context, hasNoBody: Bool, to out: Buffer
    ) {
        out.append("HTTP/1.1 ")
        out.append(decimal: UInt64(status))
        out.append(" ")
        out.append(HTTPStatus.phrase(status))
        out.append("\r\n")
        for field in fields where !bytes.startsPseudo(field) {
            // In answers that have no body, and those that have one of this length, it says the same as here.
            // Where none may be (RFC 9110 section 8.6), HTTP/1.1 would have to take it for a body's.
            if field.known == .contentLength, status == 101 || status == 204 || isInterim { continue }
            out.appendField(name: bytes.extracting(field.name.range), value: bytes.extracting(field.value.range))
        }
        if status == 101 {
            out.append("Connection: upgrade\r\nUpgrade: ")
            out.append(context.tunnelProtocol)
            out.append("\r\n")
            out.append(context.tunnelFields)
        } else if framing == .chunked {
            out.append("Transfer-Encoding: chunked\r\n")
        } else if framing == .none, !hasNoBody, contentLength == nil {
            out.append("Content-Length: 0\r\n")
        }
        out.append("\r\n")
    }
}
