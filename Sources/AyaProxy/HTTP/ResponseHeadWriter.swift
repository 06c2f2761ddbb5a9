internal import AyaCore
internal import AyaHTTP

/// The response's head as the client gets it.
extension HTTPConnection {
    func writeResponseHead(_ exchange: Exchange, to out: Buffer) {
        let response = exchange.response
        writeStatusLine(exchange, to: out)
        copyFields(exchange, to: out)
        switch response.framing {
        // A stated length is copied with the fields; that of a body that is not sent (HEAD, 304) is information.
        case .none, .length: break
        case .chunked, .untilClose:
            if exchange.request.minorVersion > 0 { out.append("Transfer-Encoding: chunked\r\n") }
        }
        if exchange.isTranslated { writeWebAccess(exchange, to: out) }
        writeRequestID(exchange, to: out)
        if exchange.persistent.isOn { settlePersistence(exchange, to: out) }
        if response.status == 101, let upgrade = response.firstField(.upgrade) {
            out.append("Connection: upgrade\r\nUpgrade: ")
            unsafe out.append(answerBytes(exchange, upgrade.value))
            out.append("\r\n")
        } else {
            writeConnection(exchange, to: out)
        }
        out.append("\r\n")
    }

    /// A 1xx head: status line and fields, nothing of ours.
    func writeInterimHead(_ exchange: Exchange, to out: Buffer) {
        writeStatusLine(exchange, to: out)
        copyFields(exchange, to: out)
        out.append("\r\n")
    }

    /// Says what the client cannot assume from its version (RFC 9112 section 9.3).
    func writeConnection(_ exchange: Exchange, to out: Buffer) {
        if !exchange.keepAlive {
            out.append("Connection: close\r\n")
        } else if exchange.request.minorVersion == 0 {
            out.append("Connection: keep-alive\r\n")
        }
    }

    private func writeStatusLine(_ exchange: Exchange, to out: Buffer) {
        let response = exchange.response
        if response.minorVersion == 1 {
            // Ours begins with the same version, so the parsed line can go as it is.
            unsafe out.append(answerBytes(exchange, Slice(start: 0, end: response.reason.end)))
        } else {
            out.append("HTTP/1.1 ")
            out.append(decimal: UInt64(response.status))
            out.append(" ")
            unsafe out.append(answerBytes(exchange, response.reason))
        }
        out.append("\r\n")
    }

    private func copyFields(_ exchange: Exchange, to out: Buffer) {
        guard let answer = exchange.answer else { return }
        var copy = FieldCopy(from: answer, to: out)
        for field in exchange.response.fields {
            if field.isHopByHop { continue }
            switch field.known {
            case .transferEncoding, .xRequestID: continue
            case .contentType where exchange.isTranslated && isCall(answer, field):
                copy.flush()
                exchange.answersCall = true
                unsafe writeContentType(
                    answerBytes(exchange, field.value), behind: GRPCKind.plain.name, as: exchange.web.name, to: out)
            default: copy.add(field)
            }
        }
        copy.flush()
    }

    func answerBytes(_ exchange: Exchange, _ slice: Slice) -> UnsafeBufferPointer<UInt8> {
        guard let answer = exchange.answer else { return unsafe UnsafeBufferPointer(start: nil, count: 0) }
        return unsafe answer.bytes(answer.start + slice.range.lowerBound..<answer.start + slice.range.upperBound)
    }
}
