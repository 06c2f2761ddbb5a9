internal import AyaCore

extension Language {
    package enum Alerts {
        private static let defaults = Blueprint.Alerts()
        private static let times = Duration.seconds(1)...(.seconds(30 * 86_400))

        static let rules = Key(
            "rules", .named(.name, .section(Rule.section)), "What is to be told of, by name.")
        static let notify = Key(
            "notify", .named(.name, .section(Channel.section)),
            "Whom to tell, by name. Without one, alerts show in the log, the API and the dashboard.")
        static let group = Key(
            "group", .duration(times), default: DurationText.describe(defaults.group),
            "How long changes are gathered into one notice.")
        static let again = Key(
            "repeat", .duration(times), default: DurationText.describe(defaults.again),
            "How often a notice is sent again while something fires.")
        package static let section = Section(
            "alerts", "What operators are told of, and how. Objectives of routes (`slo`) need no rule.",
            [rules, notify, group, again])

        package enum Rule {
            static let errorRate = Key(
                "error_rate", .share(0...1),
                "More of a route's exchanges fail, by the fault of servers, of Aya or of its configuration.")
            static let p99 = Key(
                "p99", .duration(Language.timeout), "One in a hundred of a route's exchanges takes longer.")
            static let serversAvailable = Key(
                "servers_available", .share(0...1), "Fewer of a pool's servers take work.")
            static let saturation = Key(
                "saturation", .share(0...1),
                "More of a pool's places (`max_connections` of its servers, or its limit of concurrency) are in use.")
            static let certificateExpiry = Key(
                "certificate_expiry", .duration(.seconds(3600)...(.seconds(366 * 86_400))),
                "A listener's certificate runs out sooner.")
            static let descriptors = Key(
                "descriptors", .share(0...1), "More of the descriptors that the process may open are open.")
            static let conditions = [
                errorRate, p99, serversAvailable, saturation, certificateExpiry, descriptors,
            ]
            static let patience = Key(
                "for", .duration(.zero...(.seconds(86_400))), default: "1m", "How long that must be so.")
            static let routes = Key(
                "routes", .list(of: .text(.routeName)), default: "all", "Of these routes only.")
            static let pools = Key("pools", .list(of: .text(.poolName)), default: "all", "Of these pools only.")
            static let urgency = Key(
                "urgency", .word(Blueprint.Alerts.Urgency.allCases.map(\.rawValue)), default: "ticket",
                "`page` for what cannot wait.")
            static let notify = Key(
                "notify", .list(of: .text(.channelName)), default: "all", "Whom to tell.")
            package static let section = Section(
                "alert", "One condition, and whom to tell of it.",
                conditions + [patience, routes, pools, urgency, notify], exactlyOneOf: conditions)
        }

        package enum Channel {
            static let webhook = Key("webhook", .section(Webhook.section), "A POST of JSON.")
            static let slack = Key(
                "slack", .section(Webhook.section), "An incoming webhook of Slack, Mattermost or Rocket.Chat.")
            static let pagerduty = Key(
                "pagerduty", .section(PagerDuty.section), "PagerDuty, or who understands its Events API v2.")
            static let mail = Key("mail", .section(Mail.section), "Mail by SMTP.")
            static let command = Key(
                "command", .list(of: .text(.argument)),
                "A program and its arguments; the notice is JSON in its environment, as `AYA_NOTICE`.")
            static let kinds = [webhook, slack, pagerduty, mail, command]
            package static let section = Section(
                "channel", "A way to tell somebody.", kinds, exactlyOneOf: kinds)
        }

        package enum Webhook {
            package static let section = Section("webhook", "A URL that takes notices.", Collector.keys)
        }

        package enum PagerDuty {
            static let url = Key(
                "url", .text(.httpURL), default: "https://events.pagerduty.com", "Where the service is.")
            static let token = Key(
                "token", .text(.credential), required: true,
                "The key of the integration, or `file:` and the path of a file with it.")
            package static let section = Section(
                "pagerduty", "An integration of PagerDuty.", [url, token, Collector.verify])
        }

        package enum Mail {
            static let server = Key(
                "server", .text(.serverAddress), required: true, "The server that takes the mail, as `127.0.0.1:25`.")
            static let from = Key("from", .text(.email), required: true, "The sender.")
            static let to = Key("to", .list(of: .text(.email)), required: true, "The receivers.")
            static let tls = Key(
                "tls", .word(Blueprint.Alerts.Mail.Protection.allCases.map(\.rawValue)), default: "off",
                "`starttls` when it begins on request (port 587), `implicit` when all is TLS (port 465).")
            static let user = Key("user", .text(.argument), "A user's name, with `password` and `tls`.")
            package static let section = Section(
                "mail", "Mail about alerts.", [server, from, to, tls, user, Collector.password, Collector.verify])
        }
    }

    package enum Objective {
        static let availability = Key(
            "availability", .share(0...0.99999), "The share of exchanges that must not fail, such as `99.9%`.")
        static let latency = Key(
            "latency", .text(.latencyObjective), "The share that must not take longer: `250ms at 99%`.")
        package static let section = Section(
            "objective",
            """
            What the route promises. An alert comes when the errors that it allows in 30 days are used up too fast: \
            `page` when it is a matter of hours or days, `ticket` when it is one of weeks.
            """,
            [availability, latency])
    }
}

extension TextForm {
    static let channelName = TextForm("channel", "the name of a channel", examples: ["ops"])
    static let latencyObjective = TextForm(
        "latency objective", "a duration and a share such as '250ms at 99%'", examples: ["250ms at 99%"],
        pattern: "^[0-9]+(ms|s|m|h) at [0-9.]+%$")
}
