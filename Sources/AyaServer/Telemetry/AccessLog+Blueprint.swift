internal import AyaConfig
internal import AyaCore
internal import AyaExport
internal import AyaReactor
internal import AyaTLS
internal import AyaTelemetry
internal import Glibc

/// An access log as the configuration describes it, opened.
extension Blueprint.AccessLog {
    func open(_ calls: CallThread, log: Log) throws(StartError) -> RecordOutlet {
        let form: LogFormat
        switch format {
        case .json: form = .json
        case .common: form = .common
        case .combined: form = .combined
        case .template(let text):
            do throws(LogTemplate.Invalid) {
                form = .template(try LogTemplate(text))
            } catch {
                throw StartError("\(owner): \(error)")
            }
        }
        var wants = RecordWants()
        wants.query = query
        wants.headers = Set(headers)
        let formatter = LineFormatter(
            form, query: query, headers: headers, redaction: Redaction(adding: redact))
        let selection = LogSelection(
            listeners: listeners, routes: routes, sample: sample,
            slow: slow)
        let sink = try sink(calls)
        return RecordOutlet(name, selection, formatter, wants: wants, to: sink, log: log)
    }

    // MARK: targets

    private var owner: String { "access log '\(name)'" }

    private func sink(_ calls: CallThread) throws(StartError) -> sending any LogSink {
        switch target {
        case .standardError: return StandardErrorSink()
        case .journald: return JournaldSink()
        case .file(let path, let rotation):
            do throws(FileSink.OpenError) {
                return try FileSink(path: path, rotation: LogRotation(rotation))
            } catch {
                throw StartError("\(error)")
            }
        case .syslog(let syslog): return SyslogSink(settings(syslog))
        case .loki(let service, let labels, let tenant):
            let more = tenant.map { [("X-Scope-OrgID", $0)] } ?? []
            return LokiSink(
                try collector(service, LokiSink.path, "application/json", "Bearer", more, calls),
                labels: labels)
        case .elasticsearch(let service, let index):
            return ElasticsearchSink(
                try collector(
                    service, ElasticsearchSink.path, "application/x-ndjson", "ApiKey", [], calls),
                index: index)
        case .splunk(let service, let index):
            return SplunkSink(
                try collector(service, SplunkSink.path, "application/json", "Splunk", [], calls),
                index: index, host: HostName.current)
        case .kafka(let kafka):
            do throws(CallFault) {
                return try KafkaSink(try kafka.settings(for: owner))
            } catch {
                throw StartError("\(owner): \(error)")
            }
        }
    }

    private func settings(_ syslog: Blueprint.AccessLog.Syslog) -> SyslogSink.Settings {
        let address = syslog.address
        var settings = SyslogSink.Settings(host: HostName.current, process: getpid()) { try? Resolver.bound(address) }
        settings.isStream = syslog.transport == .tcp
        settings.facility = Blueprint.AccessLog.Syslog.facilities.firstIndex(of: syslog.facility) ?? 16
        settings.tag = syslog.tag
        return settings
    }

    private func collector(
        _ service: Blueprint.Collector, _ path: String, _ contentType: String, _ scheme: String,
        _ headers: [(name: String, value: String)], _ calls: CallThread
    ) throws(StartError) -> RecordCollector {
        let (caller, address) = try service.caller(calls, for: owner)
        let authorization = RecordCollector.authorization(
            user: service.user, secret: try service.statedSecret(for: owner), scheme: scheme)
        return RecordCollector(
            caller, address.adding(path: path), contentType: contentType,
            headers: headers + [authorization].compactMap(\.self))
    }
}

extension LogRotation {
    fileprivate init(_ rotation: Blueprint.AccessLog.Rotation) {
        self.init(
            size: rotation.size.map { Int(clamping: $0.bytes) }, age: rotation.age.map { $0.components.seconds },
            keep: rotation.keep)
    }
}

extension Blueprint.Collector {
    /// - Parameter owner: what it is for, in messages.
    func caller(_ calls: CallThread, for owner: String) throws(StartError) -> (HTTPCaller, HTTPAddress) {
        guard let address = HTTPAddress(url) else { throw StartError("\(owner): '\(url)' is no URL") }
        var trust: CallTrust?
        if address.isSecure {
            do throws(CallFault) {
                trust = try CallTrust(file: verify, protocols: ["http/1.1"])
            } catch {
                throw StartError("\(owner): \(error)")
            }
        }
        return (HTTPCaller(on: calls, trust: trust, resolve: Resolver.resolveElsewhere), address)
    }

    /// The secret itself, read from its file where it names one.
    func statedSecret(for owner: String) throws(StartError) -> String? {
        try secret.map { (secret) throws(StartError) in try StatedSecret.read(secret, for: owner) }
    }
}

extension StatedSecret {
    /// What has to be known at the start.
    static func read(_ secret: String, for owner: String) throws(StartError) -> String {
        do throws(CallFault) {
            return try StatedSecret(secret).read()
        } catch {
            throw StartError("\(owner): the secret: \(error)")
        }
    }
}
