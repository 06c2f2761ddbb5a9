package import AyaCore

/// Why a request failed, for programs: `application/problem+json` of RFC 9457, with whose fault it was.
package struct ProblemDetails: Sendable {
    package var status: Int
    package var title: String
    package var detail: StaticString?
    /// One of the closed set of reasons.
    package var code: String
    /// Empty when nobody is to blame.
    package var blame: String
    /// The request's id, 128 bits.
    package var idHigh: UInt64
    package var idLow: UInt64

    package static var contentType: StaticString { "application/problem+json" }

    package init(
        status: Int, title: String, detail: StaticString?, code: String, blame: String, idHigh: UInt64, idLow: UInt64
    ) {
        self.status = status
        self.title = title
        self.detail = detail
        self.code = code
        self.blame = blame
        self.idHigh = idHigh
        self.idLow = idLow
    }

    package func write(to out: Buffer) {
        out.append("{\"type\":\"urn:aya:reason:")
        out.appendJSON(code)
        out.append("\",\"title\":\"")
        out.appendJSON(title)
        out.append("\",\"status\":")
        out.append(decimal: UInt64(max(0, status)))
        if let detail {
            out.append(",\"detail\":\"")
            out.appendJSON(detail)
            out.append("\"")
        }
        out.append(",\"instance\":\"")
        out.append(hexadecimal: idHigh)
        out.append(hexadecimal: idLow)
        out.append("\",\"code\":\"")
        out.appendJSON(code)
        if !blame.isEmpty {
            out.append("\",\"blame\":\"")
            out.appendJSON(blame)
        }
        out.append("\"}\n")
    }

    /// The same for people who ask for text.
    package func writeText(to out: Buffer) {
        out.append(decimal: UInt64(max(0, status)))
        out.append(" ")
        out.append(HTTPStatus.phrase(status))
        out.append("\n")
        out.append(text: title)
        if let detail {
            out.append(": ")
            out.append(detail)
        }
        out.append("\nReason ")
        out.append(text: code)
        out.append(", request ")
        out.append(hexadecimal: idHigh)
        out.append(hexadecimal: idLow)
        out.append("\n")
    }
}
