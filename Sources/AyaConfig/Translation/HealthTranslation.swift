internal import AyaCore

extension Translation {
    func health(_ map: SectionReader, _ title: String) -> Blueprint.Health? {
        typealias Keys = Language.Health
        let title = "the health of \(title)"
        let key = Language.Pool.health
        guard let node = map.node(key) else { return nil }
        if case .scalar = node.content {
            switch map.word(key, noun: "check") {
            case "tcp": return Blueprint.Health(check: .tcp(.init()))
            case "icmp": return Blueprint.Health(check: .icmp)
            default: return nil
            }
        }
        guard let map = map.part(key, Keys.section, title: title) else { return nil }
        _ = map.only(of: Keys.checks, title, noun: "check")
        // Every check is read, so that what is wrong with a second one is seen too.
        let checks: [Blueprint.Health.Check?] = [
            httpCheck(map, title), grpcCheck(map, title), tcpCheck(map, title), icmpCheck(map), udpCheck(map, title),
            command(map),
        ]
        var health = Blueprint.Health(check: checks.compactMap { $0 }.first ?? .icmp)
        if let value = map.duration(Keys.interval) { health.interval = value }
        health.fastInterval = map.duration(Keys.fastInterval)
        if let value = map.share(Keys.jitter) { health.jitter = value }
        if let value = map.duration(Keys.timeout) { health.timeout = value }
        if let value = map.integer(Keys.rise) { health.rise = value }
        if let value = map.integer(Keys.fall) { health.fall = value }
        if let value = map.share(Keys.panic) { health.panic = value }
        health.port = map.integer(Keys.port)
        checkTimes(health, map, title)
        return health
    }

    private func checkTimes(_ health: Blueprint.Health, _ map: SectionReader, _ title: String) {
        typealias Keys = Language.Health
        let timeout = DurationText.describe(health.timeout)
        let timesPlace = map.keyPlace(Keys.timeout) ?? map.keyPlace(Keys.interval)
        if health.timeout > health.interval {
            problems.error(
                "the timeout of a probe, \(timeout), is longer than its interval, "
                    + "\(DurationText.describe(health.interval)), in \(title)", at: timesPlace)
        }
        guard let fast = health.fastInterval else { return }
        if fast > health.interval {
            problems.error(
                "'fast_interval' of \(title) is longer than 'interval', \(DurationText.describe(health.interval))",
                at: map.keyPlace(Keys.fastInterval))
        } else if health.timeout > fast, health.timeout <= health.interval {
            problems.error(
                "the timeout of a probe, \(timeout), is longer than its fast interval, "
                    + "\(DurationText.describe(fast)), in \(title)", at: map.keyPlace(Keys.fastInterval))
        }
    }

    private func httpCheck(_ map: SectionReader, _ title: String) -> Blueprint.Health.Check? {
        typealias Keys = Language.HTTPCheck
        guard let node = map.node(Language.Health.http) else { return nil }
        if case .scalar = node.content {
            return reader.text(node, .probePath, ProbeText.path).map { .http(.init(path: $0)) }
        }
        guard let map = map.section(Language.Health.http, Keys.section, title: "the http check of \(title)") else {
            return nil
        }
        var check = Blueprint.Health.HTTPCheck(path: map.text(Keys.path, .probePath, ProbeText.path) ?? "/")
        if let method = map.text(Keys.method, .method, HTTPText.method) { check.method = method }
        check.host = map.text(Keys.host, .hostHeader, ProbeText.host)
        check.headers = conditions(map.entries(Keys.headers), Self.probeHeaderName, HTTPText.headerValue)
        if let items = map.items(Keys.status) {
            if items.isEmpty { problems.error("'status' names no status", at: map.keyPlace(Keys.status)) }
            check.status = items.compactMap { reader.text($0, .statusRange, ProbeText.statuses) }
                .sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
        }
        check.body = map.text(Keys.body, .probeText, ProbeText.text)
        if check.body != nil, check.method == "HEAD" {
            problems.error("an answer to HEAD has no body", at: map.keyPlace(Keys.body))
        }
        return .http(check)
    }

    private func grpcCheck(_ map: SectionReader, _ title: String) -> Blueprint.Health.Check? {
        typealias Keys = Language.GRPCCheck
        return map.section(Language.Health.grpc, Keys.section, title: "the grpc check of \(title)").map { map in
            .grpc(.init(service: map.text(Keys.service, .probeText, ProbeText.text) ?? ""))
        }
    }

    private func tcpCheck(_ map: SectionReader, _ title: String) -> Blueprint.Health.Check? {
        typealias Keys = Language.TCPCheck
        return map.section(Language.Health.tcp, Keys.section, title: "the tcp check of \(title)").map { map in
            .tcp(
                .init(
                    send: map.text(Keys.send, .probeText, ProbeText.text),
                    expect: map.text(Keys.expect, .probeText, ProbeText.text)))
        }
    }

    private func icmpCheck(_ map: SectionReader) -> Blueprint.Health.Check? {
        map.section(Language.Health.icmp, Language.Health.icmpSection, title: "an icmp check").map { _ in .icmp }
    }

    private func udpCheck(_ map: SectionReader, _ title: String) -> Blueprint.Health.Check? {
        typealias Keys = Language.UDPCheck
        return map.section(Language.Health.udp, Keys.section, title: "the udp check of \(title)").map { map in
            .udp(
                .init(
                    send: map.text(Keys.send, .probeText, ProbeText.text) ?? "",
                    expect: map.text(Keys.expect, .probeText, ProbeText.text)))
        }
    }

    private func command(_ map: SectionReader) -> Blueprint.Health.Check? {
        let key = Language.Health.command
        guard let items = map.items(key) else { return nil }
        let words = items.compactMap { reader.text($0, .argument, ProbeText.argument) }
        guard words.count == items.count else { return nil }
        guard let program = words.first, program.utf8.first == UInt8(ascii: "/") else {
            problems.error(
                "a command begins with the absolute path of a program, such as '[/usr/local/bin/check, --fast]'",
                at: map.node(key)?.place)
            return nil
        }
        return .command(words)
    }

    private static func probeHeaderName(_ text: String) throws(InvalidText) -> String {
        let name = try answerHeaderName(text)
        guard name != "host" else { throw InvalidText("the Host header of a probe is its 'host'") }
        return name
    }

    func outliers(_ map: SectionReader, _ title: String) -> Blueprint.Outliers? {
        typealias Keys = Language.Outliers
        var outliers = Blueprint.Outliers()
        guard !map.isSwitchedOff(Language.Pool.outliers, by: "off") else { return nil }
        guard let map = map.section(Language.Pool.outliers, Keys.section, title: "the outliers of \(title)") else {
            return outliers
        }
        if let value = map.integer(Keys.consecutiveFailures) { outliers.consecutiveFailures = value }
        if map.isSwitchedOff(Keys.errorRate, by: "none") {
            outliers.errorRate = nil
        } else if let value = map.share(Keys.errorRate) {
            outliers.errorRate = value
        }
        if !map.isSwitchedOff(Keys.latency, by: "none") { outliers.latency = map.decimal(Keys.latency) }
        if let value = map.integer(Keys.minRequests) { outliers.minRequests = value }
        if let value = map.duration(Keys.interval) { outliers.interval = value }
        if let value = map.duration(Keys.ejectFor) { outliers.ejectFor = value }
        if let value = map.duration(Keys.maxEjectFor) { outliers.maxEjectFor = value }
        if let value = map.share(Keys.maxEjected) { outliers.maxEjected = value }
        if outliers.ejectFor > outliers.maxEjectFor {
            problems.error(
                "'eject_for', \(DurationText.describe(outliers.ejectFor)), is longer than 'max_eject_for', "
                    + "\(DurationText.describe(outliers.maxEjectFor)), in the outliers of \(title)",
                at: map.keyPlace(Keys.ejectFor) ?? map.keyPlace(Keys.maxEjectFor))
        }
        return outliers
    }
}
