internal import AyaConfig
internal import AyaHTTP
package import AyaTelemetry

/// The alerts of this Aya, and whoever wants quiet.
package protocol AlertDesk: Sendable {
    /// Firing ones first.
    var alerts: [Alert] { get }
    /// - Parameters:
    ///   - name: of a rule; nil: any.
    ///   - subject: nil: any.
    func silence(name: String?, subject: String?, for time: Duration)
}

/// `/v1/alerts` and `/v1/alerts/silences`.
struct AlertEndpoints {
    private let desk: any AlertDesk

    init(_ desk: any AlertDesk) { self.desk = desk }

    private static let longest = Duration.seconds(30 * 86_400)

    /// Nil for a path that is none of these.
    func respond(to request: ServiceRequest) -> ServiceResponse? {
        switch request.path {
        case "/v1/alerts":
            guard request.method == "GET" || request.method == "HEAD" else { return .notAllowed("GET, HEAD") }
            return .json(document)
        case "/v1/alerts/silences":
            guard request.method == "POST" else { return .notAllowed("POST") }
            return silence(request)
        default: return nil
        }
    }

    private var document: [UInt8] {
        var writer = JSONWriter(Text())
        writer.object { writer in
            writer.array("alerts") { writer in for alert in desk.alerts { alert.write(to: &writer) } }
        }
        writer.raw("\n")
        return writer.sink.bytes
    }

    /// `{"name": "errors", "subject": "routes/api", "for": "2h"}`; without a name or a subject, any.
    private func silence(_ request: ServiceRequest) -> ServiceResponse {
        guard let wanted = FlatObject.read(request.body), let time = wanted["for"].flatMap(DurationText.parse),
            time > .zero, Set(wanted.keys).isSubset(of: ["name", "subject", "for"])
        else { return .badBody("send { name, subject, for }, of which 'for' is a time such as 2h") }
        desk.silence(name: wanted["name"], subject: wanted["subject"], for: min(time, Self.longest))
        return .json(document)
    }
}
