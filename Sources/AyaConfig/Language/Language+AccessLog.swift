internal import AyaCore

extension Language {
    package enum AccessLog {
        private static let keptFiles = 0...1000

        static let format = Key(
            "format", .word(["json", "common", "combined"]), default: "json",
            """
            The form of a record: an object of JSON, or a line as the Common and the Combined Log Format have it, whose \
            queries have their secrets replaced.
            """)
        static let template = Key(
            "template", .text(.logTemplate),
            """
            A line of one's own in place of `format`: text with keys of the access log in braces, such as \
            `{client.address} {url.path} {http.response.status_code}`.
            """)
        static let file = Key("file", .text(.filePath), "Append records to this file.")
        static let rotate = Key(
            "rotate", .section(Rotation.section),
            "When the file is put aside. Without it others may do that, and reload.")
        static let standardError = Key("stderr", .boolean, default: "false", "Write records to standard error.")
        static let journald = Key(
            "journald", .boolean, default: "false", "Write records into systemd's journal, with fields to search by.")
        static let syslog = Key("syslog", .section(Syslog.section), "Send records by syslog (RFC 5424).")
        static let loki = Key("loki", .section(Loki.section), "Push records to Grafana Loki.")
        static let elasticsearch = Key(
            "elasticsearch", .section(Elasticsearch.section), "Index records in Elasticsearch or OpenSearch.")
        static let splunk = Key("splunk", .section(Splunk.section), "Send records to Splunk's HTTP event collector.")
        static let kafka = Key(
            "kafka", .section(Kafka.section), "Send records to Apache Kafka; the library librdkafka must be installed.")
        static let listeners = Key(
            "listeners", .list(of: .text(.listenerName)), default: "all", "Only what came in by these.")
        static let routes = Key("routes", .list(of: .text(.routeName)), default: "all", "Only what these took.")
        static let sample = Key(
            "sample", .share(0...1), default: "100%",
            "The share of records that is taken. Failures of servers and of Aya are always taken.")
        static let slow = Key(
            "slow", .bound(.duration(Language.timeout)), default: "none",
            "Exchanges that take as long are always taken, too.")
        static let query = Key(
            "query", .boolean, default: "false",
            "Have the query in JSON records, with the values of secret parameters replaced by `REDACTED`.")
        static let headers = Key(
            "headers", .list(of: .text(.headerName)),
            "Have these fields of the request in JSON records, those with secrets replaced by `REDACTED`.")
        static let redact = Key(
            "redact", .list(of: .text(.queryName)),
            "Names of parameters and header fields that are secret, beside the usual ones.")
        static let targets = [file, standardError, journald, syslog, loki, elasticsearch, splunk, kafka]
        package static let section = Section(
            "access log", "Where access records go, which of them, and in which form. A log has one target.",
            [format, template] + targets.prefix(1) + [rotate] + targets.dropFirst()
                + [listeners, routes, sample, slow, query, headers, redact])

        /// The keys of records that a template may name; `http.request.header.` and a field's name besides.
        package static let recordKeys = [
            "timestamp", "network.transport", "aya.listener", "client.address", "client.port",
            "network.protocol.version", "http.request.method", "server.address", "url.path", "url.query",
            "user_agent.original", "http.response.status_code", "rpc.grpc.status_code", "http.request.body.size",
            "http.response.body.size", "aya.bytes.received", "aya.bytes.sent", "http.route", "aya.pool",
            "aya.server", "aya.reason", "aya.blame", "aya.criticality", "aya.attempts", "aya.retried.server",
            "aya.retried.reason", "aya.request_id", "trace_id", "span_id", "tls.protocol.version", "tls.cipher",
            "tls.resumed", "tls.client.server_name",
            "tls.client.ja4", "aya.duration.total", "aya.duration.queue", "aya.duration.connect",
            "aya.duration.first_byte",
        ]

        package enum Rotation {
            static let size = Key(
                "size", .bound(.size(ByteCount(1024)...ByteCount(1 << 40))), default: "none",
                "Put the file aside when it is as long.")
            static let age = Key(
                "age", .bound(.duration(.seconds(60)...(.seconds(366 * 86_400)))), default: "none",
                "Put the file aside so often, counted in UTC: with `24h` at midnight.")
            static let keep = Key(
                "keep", .integer(keptFiles), default: "7",
                "How many files stay: `access.log.1` is the newest of them.")
            package static let section = Section(
                "log rotation", "When the file of a log is put aside. One of `size` and `age`, or both.",
                [size, age, keep])
        }

        package enum Syslog {
            static let address = Key(
                "address", .text(.serverAddress), required: true,
                "Where the messages go: `127.0.0.1:514`, or `unix:/dev/log` for the one of this machine.")
            static let transport = Key(
                "transport", .word(Blueprint.AccessLog.Syslog.Transport.allCases.map(\.rawValue)), default: "udp",
                "`udp` (RFC 5426), or `tcp` with counted octets (RFC 6587), which loses nothing by itself.")
            static let facility = Key(
                "facility", .word(Blueprint.AccessLog.Syslog.facilities), default: "local0",
                "What the messages are filed under.")
            static let tag = Key("tag", .text(.label), default: "aya", "The name of the application in the messages.")
            package static let section = Section(
                "syslog", "A receiver of syslog.", [address, transport, facility, tag])
        }

        package enum Loki {
            static let labels = Key(
                "labels", .named(.label, .text(.labelValue)), default: "{ job: aya }",
                "Labels of the stream. Keep them few and fixed: the record has the rest.")
            static let tenant = Key("tenant", .text(.label), "The tenant, where there are several.")
            package static let section = Section(
                "loki", "Grafana Loki's push API.", Collector.keys + [labels, tenant])
        }

        package enum Elasticsearch {
            static let index = Key(
                "index", .text(.label), default: "aya-access", "The index or data stream that takes the records.")
            package static let section = Section(
                "elasticsearch", "The bulk API of Elasticsearch and OpenSearch.", Collector.keys + [index])
        }

        package enum Splunk {
            static let index = Key("index", .text(.label), "The index; the token's own without it.")
            package static let section = Section(
                "splunk", "Splunk's HTTP event collector.", Collector.keys + [index])
        }

        package enum Kafka {
            private typealias Target = Blueprint.AccessLog.Kafka

            static let brokers = Key(
                "brokers", .list(of: .text(.serverAddress)), required: true,
                "Brokers to ask first, as `kafka-1.example:9092`; they name the others.")
            static let topic = Key(
                "topic", .text(.label), required: true, "The topic; a record is a message without key.")
            static let acknowledgement = Key(
                "acks", .word(Target.Acknowledgement.allCases.map(\.rawValue)), default: "all",
                "Who must have a record before it counts as taken: `all` replicas in sync, their `leader`, or `none`.")
            static let compression = Key(
                "compression", .word(Target.Compression.allCases.map(\.rawValue)), default: "lz4",
                "How batches are compressed.")
            static let tls = Key("tls", .boolean, default: "false", "Speak TLS with brokers.")
            static let user = Key("user", .text(.argument), "A user's name, with `password`.")
            static let mechanism = Key(
                "mechanism", .word(Target.Mechanism.allCases.map(\.rawValue)), default: "plain",
                "How the user's password is shown (SASL).")
            package static let section = Section(
                "kafka", "A topic of Apache Kafka, or of who understands its protocol.",
                [
                    brokers, topic, acknowledgement, compression, tls, Collector.verify, user, Collector.password,
                    mechanism,
                ])
        }
    }

    /// What all services have in common that are reached by HTTP.
    package enum Collector {
        static let url = Key(
            "url", .text(.httpURL), required: true,
            "Where it is. The path of the API is added unless the URL ends with it.")
        static let user = Key("user", .text(.argument), "A user's name, with `password`.")
        static let password = Key(
            "password", .text(.credential), "The user's password, or `file:` and the path of a file with it.")
        static let token = Key(
            "token", .text(.credential), "A token or key in place of a user, or `file:` and the path of a file with it."
        )
        static let verify = Key(
            "verify", .text(.filePath), default: "system",
            "`system`, or a file of certificates in PEM that the service's own must lead to.")
        static let keys = [url, user, password, token, verify]
    }
}

extension TextForm {
    static let httpURL = TextForm(
        "URL", "a URL such as 'https://logs.example:3100'", examples: ["https://logs.example:3100"],
        pattern: "^https?://")
    static let credential = TextForm(
        "secret", "a secret, or 'file:' and the path of a file that holds it",
        examples: ["${AYA_TOKEN}", "file:/etc/aya/token"])
    static let routeName = TextForm("route name", "the name of a route", examples: ["api"])
    static let labelValue = TextForm("text", "the value of a label")
    static let logTemplate = TextForm(
        "template", "a text with keys in braces, such as '{client.address} {url.path}'",
        examples: ["{client.address} {http.request.method} {url.path} {http.response.status_code}"])
}
