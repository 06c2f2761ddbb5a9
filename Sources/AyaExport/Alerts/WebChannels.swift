internal import AyaHTTP
internal import AyaTelemetry

/// A POST of JSON to a URL.
package struct WebhookChannel: AlertChannel {
    private let caller: HTTPCaller
    private let address: HTTPAddress
    private let headers: [(name: String, value: String)]
    private let isSlack: Bool

    /// - Parameter isSlack: what is sent is what incoming webhooks of Slack take.
    package init(
        _ caller: HTTPCaller, _ address: HTTPAddress, headers: [(name: String, value: String)], isSlack: Bool = false
    ) {
        self.caller = caller
        self.address = address
        self.headers = headers + [("Content-Type", "application/json")]
        self.isSlack = isSlack
    }

    package func tell(_ notice: AlertNotice) async -> String? {
        await caller.post(isSlack ? Self.slack(notice) : notice.json, to: address, headers)
    }

    private static func slack(_ notice: AlertNotice) -> [UInt8] {
        var writer = JSONWriter(Text())
        let mark = notice.isFiring ? ":rotating_light:" : ":white_check_mark:"
        // Its three special characters (api.slack.com/reference/surfaces/formatting).
        let text = ([notice.title] + notice.lines).joined(separator: "\n").replacingSpecials
        writer.object { $0.member("text", "\(mark) \(text)") }
        return writer.sink.bytes
    }
}

/// PagerDuty's Events API v2: an event for each alert, which opens an incident or ends it.
package struct PagerDutyChannel: AlertChannel {
    private let caller: HTTPCaller
    private let address: HTTPAddress
    private let key: String

    package init(_ caller: HTTPCaller, _ address: HTTPAddress, key: String) {
        self.caller = caller
        self.address = address.adding(path: "/v2/enqueue")
        self.key = key
    }

    package func tell(_ notice: AlertNotice) async -> String? {
        var problem: String?
        for alert in notice.alerts {
            let body = event(alert, notice.host)
            if let failure = await caller.post(body, to: address, [("Content-Type", "application/json")]) {
                problem = failure
            }
        }
        return problem
    }

    private func event(_ alert: Alert, _ host: String) -> [UInt8] {
        var writer = JSONWriter(Text())
        writer.object { writer in
            writer.member("routing_key", key)
            writer.member("event_action", alert.state == .firing ? "trigger" : "resolve")
            writer.member("dedup_key", "aya/\(host)/\(alert.name)/\(alert.subject)")
            writer.object("payload") { writer in
                writer.member("summary", "\(alert.name) of \(alert.subject): \(alert.reason)")
                writer.member("source", host)
                writer.member("severity", alert.urgency == .page ? "critical" : "warning")
                writer.member("component", alert.subject)
            }
        }
        return writer.sink.bytes
    }
}

extension HTTPCaller {
    fileprivate func post(
        _ body: [UInt8], to address: HTTPAddress, _ headers: [(name: String, value: String)]
    ) async -> String? {
        switch await callAsync(HTTPCall(address, headers: headers, body: body)) {
        case .failure(let fault): fault.description
        case .success(let answer) where (200...299).contains(answer.status): nil
        case .success(let answer): "\(address.host) answered \(answer.status): \(answer.excerpt)"
        }
    }
}

extension String {
    fileprivate var replacingSpecials: String {
        var text = ""
        for character in self {
            switch character {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            default: text.append(character)
            }
        }
        return text
    }
}
