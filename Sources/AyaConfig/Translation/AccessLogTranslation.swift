internal import AyaCore

extension Translation {
    mutating func translateAccessLogs(_ top: SectionReader) {
        typealias Top = Language.Top
        if let node = top.node(Top.accessLog), !top.isSwitchedOff(Top.accessLog, by: "off") {
            let name = Blueprint.AccessLog.onlyName
            if let log = accessLog(node, name, title: "'access_log'") {
                draft.accessLogs.append(Placed(value: log, place: node.place))
            }
        }
        let hasOnly = !draft.accessLogs.isEmpty
        for entry in named(top, Top.accessLogs, "log") {
            if entry.key == Blueprint.AccessLog.onlyName, hasOnly {
                problems.error("'access_log' is the log '\(entry.key)' already", at: entry.keyNode.place)
            } else if let log = accessLog(entry.value, entry.key, title: "access log '\(entry.key)'") {
                draft.accessLogs.append(Placed(value: log, place: entry.keyNode.place))
            }
        }
    }

    private func accessLog(_ node: Node, _ name: String, title: String) -> Blueprint.AccessLog? {
        typealias Keys = Language.AccessLog
        guard let map = SectionReader(node, Keys.section, title: title, reader) else { return nil }
        let format = logFormat(map)
        let target = logTarget(map, title)
        if let place = map.keyPlace(Keys.rotate), map.node(Keys.file) == nil {
            problems.error("'rotate' belongs to 'file'", at: place)
        }
        guard let target else { return nil }
        if case .elasticsearch = target, format != .json {
            problems.error("'elasticsearch' takes 'format: json' only", at: map.keyPlace(Keys.elasticsearch))
        }
        var log = Blueprint.AccessLog(name: name, target: target)
        log.format = format
        log.listeners = names(map, Keys.listeners, .listenerName)
        log.routes = names(map, Keys.routes, .routeName)
        if let sample = map.share(Keys.sample) { log.sample = sample }
        if !map.isSwitchedOff(Keys.slow, by: "none") { log.slow = map.duration(Keys.slow) }
        log.query = map.boolean(Keys.query) ?? false
        log.headers = (map.items(Keys.headers) ?? []).compactMap {
            reader.text($0, .headerName, HTTPText.headerName)?.lowercased()
        }
        log.redact = (map.items(Keys.redact) ?? []).compactMap {
            reader.text($0, .queryName, HTTPText.queryName)?.lowercased()
        }
        return log
    }

    private func names(_ map: SectionReader, _ key: Key, _ form: TextForm) -> [String] {
        (map.items(key) ?? []).compactMap { reader.text($0, form.what) }
    }

    private func logFormat(_ map: SectionReader) -> Blueprint.AccessLog.Format {
        typealias Keys = Language.AccessLog
        let word = map.word(Keys.format)
        if let text = map.text(Keys.template, .logTemplate, LogTemplateText.check) {
            if let place = map.keyPlace(Keys.format) {
                problems.error("'template' stands in place of 'format'", at: place)
            }
            return .template(text)
        }
        return switch word {
        case "common": .common
        case "combined": .combined
        default: .json
        }
    }

    private func logTarget(_ map: SectionReader, _ title: String) -> Blueprint.AccessLog.Target? {
        typealias Keys = Language.AccessLog
        let flags = [Keys.standardError, Keys.journald]
        let present = Keys.targets.filter { key in
            flags.contains { $0.name == key.name } ? map.boolean(key) == true : map.node(key) != nil
        }
        guard let key = present.first else {
            let choice =
                "'file', 'stderr: true', 'journald: true', 'syslog', 'loki', 'elasticsearch', 'splunk' or 'kafka'"
            let hint = title == "'access_log'" ? "; 'access_log: off' for none" : ""
            problems.error("\(title) has no target (\(choice)\(hint))", at: map.place)
            return nil
        }
        for other in present.dropFirst() {
            problems.error(
                "\(title) has two targets, '\(key.name)' and '\(other.name)' (write two logs in 'access_logs')",
                at: map.keyPlace(other))
        }
        switch key.name {
        case Keys.standardError.name: return .standardError
        case Keys.journald.name: return .journald
        case Keys.file.name:
            let rotation = rotation(map, title)
            return map.text(Keys.file, .filePath, Self.path).map { .file(path: $0, rotation) }
        case Keys.syslog.name: return syslog(map, title).map { .syslog($0) }
        case Keys.kafka.name: return kafka(map, title).map { .kafka($0) }
        default: return collectorTarget(map, title)
        }
    }

    private func rotation(_ map: SectionReader, _ title: String) -> Blueprint.AccessLog.Rotation {
        typealias Keys = Language.AccessLog.Rotation
        var rotation = Blueprint.AccessLog.Rotation()
        guard
            let map = map.section(
                Language.AccessLog.rotate, Keys.section, title: "'rotate' of \(title)")
        else { return rotation }
        if !map.isSwitchedOff(Keys.size, by: "none") { rotation.size = map.size(Keys.size) }
        if !map.isSwitchedOff(Keys.age, by: "none") { rotation.age = map.duration(Keys.age) }
        if let keep = map.integer(Keys.keep) { rotation.keep = keep }
        if map.node(Keys.size) == nil, map.node(Keys.age) == nil {
            problems.error("'rotate' of \(title) has neither 'size' nor 'age'", at: map.place)
        }
        return rotation
    }

    private func syslog(_ map: SectionReader, _ title: String) -> Blueprint.AccessLog.Syslog? {
        typealias Keys = Language.AccessLog.Syslog
        guard
            let map = map.section(Language.AccessLog.syslog, Keys.section, title: "'syslog' of \(title)"),
            let address = map.text(Keys.address, .serverAddress, EndpointText.server)
        else { return nil }
        var syslog = Blueprint.AccessLog.Syslog(address: address)
        if let transport = map.word(Keys.transport).flatMap(Blueprint.AccessLog.Syslog.Transport.init) {
            syslog.transport = transport
        }
        if let facility = map.word(Keys.facility) { syslog.facility = facility }
        if let tag = map.text(Keys.tag, .label, LabelText.label) { syslog.tag = tag }
        return syslog
    }

    private func collectorTarget(_ map: SectionReader, _ title: String) -> Blueprint.AccessLog.Target? {
        typealias Keys = Language.AccessLog
        if let map = map.section(Keys.loki, Keys.Loki.section, title: "'loki' of \(title)") {
            let labels = map.entries(Keys.Loki.labels).map(labels) ?? ["job": "aya"]
            let tenant = map.text(Keys.Loki.tenant, .label, LabelText.label)
            return collector(map, "'loki' of \(title)").map { .loki($0, labels: labels, tenant: tenant) }
        }
        if let map = map.section(
            Keys.elasticsearch, Keys.Elasticsearch.section, title: "'elasticsearch' of \(title)")
        {
            let index = map.text(Keys.Elasticsearch.index, .label, LabelText.label) ?? "aya-access"
            return collector(map, "'elasticsearch' of \(title)").map { .elasticsearch($0, index: index) }
        }
        guard let map = map.section(Keys.splunk, Keys.Splunk.section, title: "'splunk' of \(title)") else {
            return nil
        }
        let index = map.text(Keys.Splunk.index, .label, LabelText.label)
        if map.node(Language.Collector.token) == nil {
            problems.error("'splunk' of \(title) has no 'token'", at: map.place)
        }
        return collector(map, "'splunk' of \(title)").map { .splunk($0, index: index) }
    }

    private func labels(_ entries: [Node.Entry]) -> [String: String] {
        var labels: [String: String] = [:]
        for entry in entries {
            guard
                let name = reader.parsed(entry.key, at: entry.keyNode.place, LogTemplateText.label),
                let value = reader.text(entry.value, TextForm.labelValue.what)
            else { continue }
            labels[name] = value
        }
        return labels
    }

    /// What is common to all services that are reached by HTTP.
    func collector(
        _ map: SectionReader, _ title: String, url key: Key = Language.Collector.url
    ) -> Blueprint.Collector? {
        typealias Keys = Language.Collector
        let user = map.text(Keys.user, .argument, LogTemplateText.credential)
        let password = map.text(Keys.password, .credential, LogTemplateText.credential)
        let token = map.text(Keys.token, .credential, LogTemplateText.credential)
        if (map.node(Keys.user) == nil) != (map.node(Keys.password) == nil) {
            problems.error("\(title): 'user' and 'password' go together", at: map.place)
        } else if map.node(Keys.user) != nil, let place = map.keyPlace(Keys.token) {
            problems.error("\(title) has a user and a token (write one of them)", at: place)
        }
        let verify = map.text(Keys.verify, .filePath, Self.path)
        guard let url = map.text(key, .httpURL, HTTPURLText.check) else { return nil }
        var collector = Blueprint.Collector(url: url)
        collector.user = user
        collector.secret = password ?? token
        collector.verify = verify == "system" ? nil : verify
        return collector
    }
}
