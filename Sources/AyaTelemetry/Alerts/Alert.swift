/// Something that an operator should know, as the API, notices and the dashboard tell it.
package struct Alert: Sendable, Equatable {
    package enum State: String, Sendable {
        /// It is so, but not yet for long enough.
        case pending
        case firing
        /// It was so, and is no more.
        case resolved
    }

    package enum Urgency: String, Sendable {
        /// It cannot wait.
        case page
        case ticket
    }

    /// Of the rule; `slo` for objectives of routes.
    package var name: String
    /// What it is about: `routes/checkout`, `pools/web`, `listeners/tls/site.pem`, `aya`.
    package var subject: String
    package var urgency: Urgency
    package var state: State
    /// When it came to this state, in seconds since 1970.
    package var since: Double
    /// In the unit of the rule: a share from 0 to 1, seconds, or a burn rate.
    package var value: Double
    package var threshold: Double
    /// A sentence.
    package var reason: String
    /// Seconds since 1970; nil: nobody has silenced it.
    package var silencedUntil: Double?

    package init(
        name: String, subject: String, urgency: Urgency, state: State, since: Double, value: Double,
        threshold: Double, reason: String, silencedUntil: Double? = nil
    ) {
        self.name = name
        self.subject = subject
        self.urgency = urgency
        self.state = state
        self.since = since
        self.value = value
        self.threshold = threshold
        self.reason = reason
        self.silencedUntil = silencedUntil
    }

    /// As a member of a list.
    package func write<Sink>(to writer: inout JSONWriter<Sink>) {
        writer.object { writer in
            writer.member("name", name)
            writer.member("subject", subject)
            writer.member("urgency", urgency.rawValue)
            writer.member("state", state.rawValue)
            writer.member("since", Self.text(since))
            writer.member("value", value)
            writer.member("threshold", threshold)
            writer.member("reason", reason)
            if let silencedUntil {
                writer.member("silenced_until", Self.text(silencedUntil))
            } else {
                writer.null("silenced_until")
            }
        }
    }

    /// RFC 3339.
    package static func text(_ seconds: Double) -> String {
        var text = Text()
        var timestamp = Timestamp()
        timestamp.append(Int64(min(max(seconds, 0), 9e9) * 1e9), to: &text)
        return text.string
    }
}
