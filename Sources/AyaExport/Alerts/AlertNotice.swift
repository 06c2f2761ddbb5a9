package import AyaTelemetry

/// Alerts that began or ended together, as one message.
package struct AlertNotice: Sendable {
    /// Those that fire first.
    package let alerts: [Alert]
    /// Which Aya speaks.
    package let host: String

    package init(_ alerts: [Alert], host: String) {
        self.alerts = alerts.filter { $0.state == .firing } + alerts.filter { $0.state != .firing }
        self.host = host
    }

    var isFiring: Bool { alerts.contains { $0.state == .firing } }

    /// `2 alerts fire, 1 is over`.
    var title: String {
        let (firing, over) = (alerts.count { $0.state == .firing }, alerts.count { $0.state == .resolved })
        let parts = [
            firing > 0 ? "\(firing) alert\(firing == 1 ? " fires" : "s fire")" : nil,
            over > 0 ? "\(over) \(over == 1 ? "is" : "are") over" : nil,
        ]
        return "Aya on \(host): " + parts.compactMap(\.self).joined(separator: ", ")
    }

    /// A line for each alert.
    var lines: [String] {
        alerts.map { alert in
            let word = alert.state == .firing ? (alert.urgency == .page ? "PAGE" : "ticket") : "over"
            return "\(word): \(alert.name) of \(alert.subject): \(alert.reason)"
        }
    }

    /// As webhooks and commands get it.
    var json: [UInt8] {
        var writer = JSONWriter(Text())
        writer.object { writer in
            writer.member("status", isFiring ? "firing" : "resolved")
            writer.member("title", title)
            writer.member("host", host)
            writer.array("alerts") { writer in for alert in alerts { alert.write(to: &writer) } }
        }
        return writer.sink.bytes
    }
}

/// A way to tell somebody.
package protocol AlertChannel: Sendable {
    /// Nil when it was told, or why not.
    func tell(_ notice: AlertNotice) async -> String?
}
