package import AyaCore

extension Blueprint {
    /// What operators are told of, and how.
    package struct Alerts: Hashable, Sendable {
        /// By name.
        package var rules: [Rule] = []
        package var channels: [Channel] = []
        /// How long changes are gathered into one notice.
        package var group = Duration.seconds(10)
        /// How often a notice is sent again while something fires.
        package var again = Duration.seconds(4 * 3600)

        package init() {}

        package struct Rule: Hashable, Sendable {
            package var name: String
            package var condition: Condition
            /// How long it must hold.
            package var patience = Duration.seconds(60)
            /// Names of routes or pools; empty: all.
            package var subjects: [String] = []
            package var urgency = Urgency.ticket
            /// Names of channels; empty: all.
            package var notify: [String] = []

            package init(name: String, condition: Condition) {
                self.name = name
                self.condition = condition
            }
        }

        package enum Urgency: String, CaseIterable, Hashable, Sendable { case page, ticket }

        package enum Condition: Hashable, Sendable {
            /// Of a route's exchanges, the share that servers or Aya failed.
            case errorRate(above: Double)
            /// Of a route's exchanges, the time that one in a hundred exceeds.
            case p99(above: Duration)
            /// Of a pool's servers, the share that takes work.
            case serversAvailable(below: Double)
            /// Of a pool's places, the share in use.
            case saturation(above: Double)
            case certificateExpiry(below: Duration)
            /// Of the descriptors that the process may open.
            case descriptors(above: Double)
        }

        package struct Channel: Hashable, Sendable {
            package var name: String
            package var kind: Kind

            package init(name: String, kind: Kind) {
                self.name = name
                self.kind = kind
            }

            package enum Kind: Hashable, Sendable {
                case webhook(Collector)
                case slack(Collector)
                /// Also of services that understand its events; the collector's secret is the key of the integration.
                case pagerduty(Collector)
                case mail(Mail)
                case command([String])
            }
        }

        package struct Mail: Hashable, Sendable {
            package var server: Endpoint
            package var from: String
            package var to: [String]
            package var protection = Protection.off
            /// A login, over TLS alone.
            package var user: String?
            package var secret: String?
            /// A file of certificates; nil: what the system trusts.
            package var verify: String?

            package enum Protection: String, CaseIterable, Hashable, Sendable { case off, starttls, implicit }

            package init(server: Endpoint, from: String, to: [String]) {
                self.server = server
                self.from = from
                self.to = to
            }
        }
    }

    /// What a route promises.
    package struct Objective: Hashable, Sendable {
        /// The share of exchanges that must not fail.
        package var availability: Double?
        package var latency: Latency?

        package init() {}

        /// `250ms at 99%`.
        package struct Latency: Hashable, Sendable {
            package var bound: Duration
            package var share: Double

            package init(bound: Duration, share: Double) {
                self.bound = bound
                self.share = share
            }
        }
    }
}
