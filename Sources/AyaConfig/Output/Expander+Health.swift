internal import AyaCore

extension YAMLWriter {
    mutating func write(_ health: Blueprint.Health) {
        typealias Keys = Language.Health
        write(health.check)
        duration(Keys.interval, health.interval)
        if let interval = health.fastInterval { duration(Keys.fastInterval, interval) }
        share(Keys.jitter, health.jitter)
        duration(Keys.timeout, health.timeout)
        count(Keys.rise, health.rise)
        count(Keys.fall, health.fall)
        share(Keys.panic, health.panic)
        if let port = health.port { count(Keys.port, port) }
    }

    private mutating func write(_ check: Blueprint.Health.Check) {
        typealias Keys = Language.Health
        switch check {
        case .http(let check): map(Keys.http) { $0.write(check) }
        case .tcp(let check):
            if check.send == nil, check.expect == nil {
                empty(Keys.tcp.name)
            } else {
                map(Keys.tcp) { writer in
                    if let send = check.send { writer.text(Language.TCPCheck.send, send) }
                    if let expect = check.expect { writer.text(Language.TCPCheck.expect, expect) }
                }
            }
        case .grpc(let check):
            if check.service.isEmpty {
                empty(Keys.grpc.name)
            } else {
                map(Keys.grpc) { $0.text(Language.GRPCCheck.service, check.service) }
            }
        case .icmp: empty(Keys.icmp.name)
        case .udp(let check):
            map(Keys.udp) { writer in
                writer.text(Language.UDPCheck.send, check.send)
                if let expect = check.expect { writer.text(Language.UDPCheck.expect, expect) }
            }
        case .command(let words):
            map(Keys.command) { writer in
                for word in words { writer.item(word) }
            }
        }
    }

    private mutating func write(_ check: Blueprint.Health.HTTPCheck) {
        typealias Keys = Language.HTTPCheck
        text(Keys.path, check.path)
        text(Keys.method, check.method)
        if let host = check.host { text(Keys.host, host) }
        write(Keys.headers, check.headers)
        map(Keys.status) { writer in
            for range in check.status {
                if range.count == 1 {
                    writer.item(word: "\(range.lowerBound)")
                } else {
                    writer.item("\(range.lowerBound)-\(range.upperBound)")
                }
            }
        }
        if let body = check.body { text(Keys.body, body) }
    }

    mutating func write(_ outliers: Blueprint.Outliers) {
        typealias Keys = Language.Outliers
        count(Keys.consecutiveFailures, outliers.consecutiveFailures)
        share(Keys.errorRate, outliers.errorRate)
        word(Keys.latency, outliers.latency.map(DecimalText.describe) ?? "none")
        count(Keys.minRequests, outliers.minRequests)
        duration(Keys.interval, outliers.interval)
        duration(Keys.ejectFor, outliers.ejectFor)
        duration(Keys.maxEjectFor, outliers.maxEjectFor)
        share(Keys.maxEjected, outliers.maxEjected)
    }
}
