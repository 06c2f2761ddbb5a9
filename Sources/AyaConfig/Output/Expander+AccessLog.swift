internal import AyaCore

extension YAMLWriter {
    mutating func write(_ logs: [Blueprint.AccessLog]) {
        if logs.isEmpty {
            word(Language.Top.accessLog, "off")
        } else if let log = logs.first, logs.count == 1, log.name == Blueprint.AccessLog.onlyName {
            map(Language.Top.accessLog) { $0.write(log) }
        } else {
            map(Language.Top.accessLogs) { writer in
                for log in logs { writer.map(log.name) { $0.write(log) } }
            }
        }
    }

    private mutating func write(_ log: Blueprint.AccessLog) {
        typealias Keys = Language.AccessLog
        switch log.format {
        case .json: word(Keys.format, "json")
        case .common: word(Keys.format, "common")
        case .combined: word(Keys.format, "combined")
        case .template(let text): self.text(Keys.template, text)
        }
        write(log.target)
        names(Keys.listeners, log.listeners)
        names(Keys.routes, log.routes)
        if log.sample < 1 {
            share(Keys.sample, log.sample)
            duration(Keys.slow, log.slow)
        }
        if log.query { boolean(Keys.query, true) }
        names(Keys.headers, log.headers)
        names(Keys.redact, log.redact)
    }

    private mutating func names(_ key: Key, _ names: [String]) {
        guard !names.isEmpty else { return }
        map(key) { writer in for name in names { writer.item(name) } }
    }

    private mutating func write(_ target: Blueprint.AccessLog.Target) {
        typealias Keys = Language.AccessLog
        switch target {
        case .standardError: boolean(Keys.standardError, true)
        case .journald: boolean(Keys.journald, true)
        case .file(let path, let rotation):
            text(Keys.file, path)
            if rotation.size != nil || rotation.age != nil { map(Keys.rotate) { $0.write(rotation) } }
        case .syslog(let syslog): map(Keys.syslog) { $0.write(syslog) }
        case .loki(let collector, let labels, let tenant):
            map(Keys.loki) { writer in
                writer.write(collector)
                writer.labels(Keys.Loki.labels, labels)
                if labels.isEmpty { writer.empty(Keys.Loki.labels.name) }
                if let tenant { writer.text(Keys.Loki.tenant, tenant) }
            }
        case .elasticsearch(let collector, let index):
            map(Keys.elasticsearch) { writer in
                writer.write(collector)
                writer.text(Keys.Elasticsearch.index, index)
            }
        case .splunk(let collector, let index):
            map(Keys.splunk) { writer in
                writer.write(collector)
                if let index { writer.text(Keys.Splunk.index, index) }
            }
        case .kafka(let kafka): map(Keys.kafka) { $0.write(kafka) }
        }
    }

    private mutating func write(_ kafka: Blueprint.AccessLog.Kafka) {
        typealias Keys = Language.AccessLog.Kafka
        names(Keys.brokers, kafka.brokers.map { "\($0)" })
        text(Keys.topic, kafka.topic)
        word(Keys.acknowledgement, kafka.acknowledgement.rawValue)
        word(Keys.compression, kafka.compression.rawValue)
        boolean(Keys.tls, kafka.tls)
        if kafka.tls { text(Language.Collector.verify, kafka.verify ?? "system") }
        if let user = kafka.user, let secret = kafka.secret {
            text(Keys.user, user)
            text(Language.Collector.password, secret)
            word(Keys.mechanism, kafka.mechanism.rawValue)
        }
    }

    private mutating func write(_ rotation: Blueprint.AccessLog.Rotation) {
        typealias Keys = Language.AccessLog.Rotation
        word(Keys.size, rotation.size.map { "\($0)" } ?? "none")
        duration(Keys.age, rotation.age)
        count(Keys.keep, rotation.keep)
    }

    private mutating func write(_ syslog: Blueprint.AccessLog.Syslog) {
        typealias Keys = Language.AccessLog.Syslog
        text(Keys.address, "\(syslog.address)")
        word(Keys.transport, syslog.transport.rawValue)
        word(Keys.facility, syslog.facility)
        text(Keys.tag, syslog.tag)
    }

    mutating func write(_ collector: Blueprint.Collector, url: Key = Language.Collector.url) {
        typealias Keys = Language.Collector
        text(url, collector.url)
        if let user = collector.user { text(Keys.user, user) }
        if let secret = collector.secret {
            text(collector.user == nil ? Keys.token : Keys.password, secret)
        }
        text(Keys.verify, collector.verify ?? "system")
    }
}
