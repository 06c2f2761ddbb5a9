package import AyaCore

extension Blueprint {
    /// Where records of exchanges, sessions and flows go, which of them, and in which form.
    package struct AccessLog: Hashable, Sendable {
        package var name: String
        package var target: Target
        package var format = Format.json
        /// By name; empty: all.
        package var listeners: [String] = []
        package var routes: [String] = []
        /// The share of ordinary records that is taken; failures always are.
        package var sample = 1.0
        /// Exchanges that take as long are no ordinary ones; nil: however long they take.
        package var slow: Duration?
        /// The query is part of the record, its secrets replaced.
        package var query = false
        /// Fields of the request that are part of the record, in lower case.
        package var headers: [String] = []
        /// Names of parameters and fields that are secret too.
        package var redact: [String] = []

        package init(name: String, target: Target) {
            self.name = name
            self.target = target
        }

        /// What the only log is called that has no name of its own.
        package static let onlyName = "access"

        package enum Format: Hashable, Sendable {
            case json, common, combined
            case template(String)
        }

        package enum Target: Hashable, Sendable {
            case standardError
            case file(path: String, Rotation)
            /// systemd's, by its own protocol.
            case journald
            case syslog(Syslog)
            case loki(Collector, labels: [String: String], tenant: String?)
            case elasticsearch(Collector, index: String)
            case splunk(Collector, index: String?)
            case kafka(Kafka)
        }

        package struct Kafka: Hashable, Sendable {
            /// Who must have a record before it counts as taken.
            package enum Acknowledgement: String, CaseIterable, Hashable, Sendable { case all, leader, none }
            package enum Compression: String, CaseIterable, Hashable, Sendable { case none, gzip, snappy, lz4, zstd }
            package enum Mechanism: String, CaseIterable, Hashable, Sendable {
                case plain
                case scram256 = "scram_sha_256"
                case scram512 = "scram_sha_512"
            }

            package var brokers: [Endpoint]
            package var topic: String
            package var acknowledgement = Acknowledgement.all
            package var compression = Compression.lz4
            package var tls = false
            /// A file of certificates; nil: what the system trusts.
            package var verify: String?
            package var user: String?
            /// `file:` and a path stand for what the file holds.
            package var secret: String?
            package var mechanism = Mechanism.plain

            package init(brokers: [Endpoint], topic: String) {
                self.brokers = brokers
                self.topic = topic
            }
        }

        package struct Rotation: Hashable, Sendable {
            package var size: ByteCount?
            package var age: Duration?
            package var keep = 7
            package init() {}
        }

        package struct Syslog: Hashable, Sendable {
            package enum Transport: String, CaseIterable, Hashable, Sendable { case udp, tcp }
            package var address: Endpoint
            package var transport = Transport.udp
            package var facility = "local0"
            package var tag = "aya"

            package init(address: Endpoint) { self.address = address }

            /// RFC 5424 section 6.2.1, in the order of their numbers.
            package static let facilities = [
                "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp",
                "ntp", "audit", "alert", "clock", "local0", "local1", "local2", "local3", "local4", "local5",
                "local6", "local7",
            ]
        }
    }

    /// A service on the network that takes what Aya tells, by HTTP.
    package struct Collector: Hashable, Sendable {
        package var url: String
        package var user: String?
        /// Or a token, where there is no user; `file:` and a path stand for what the file holds.
        package var secret: String?
        /// A file of certificates that the service's own must lead to; nil: the system's.
        package var verify: String?

        package init(url: String) { self.url = url }
    }
}
