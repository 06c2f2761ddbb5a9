internal import AyaHTTP
internal import AyaTelemetry

/// An error of the admin API as problem+json (RFC 9457).
struct Problem {
    var status: Int
    var title: String
    /// Stable, for programs.
    var code: String

    /// - Parameter details: each single thing that is wrong, where there are several.
    func response(
        _ headers: [(name: String, value: String)] = [], details: [String] = []
    ) -> ServiceResponse {
        var writer = JSONWriter(Text())
        writer.object { problem in
            problem.member("type", "about:blank")
            problem.member("title", title)
            problem.member("status", status)
            problem.member("code", code)
            problem.member("blame", "client")
            if !details.isEmpty {
                problem.member("detail", details.joined(separator: "\n"))
                problem.array("problems") { list in for detail in details { list.string(detail) } }
            }
        }
        writer.raw("\n")
        return ServiceResponse(
            status: status, headers: [("content-type", "application/problem+json")] + headers, body: writer.sink.bytes)
    }
}
