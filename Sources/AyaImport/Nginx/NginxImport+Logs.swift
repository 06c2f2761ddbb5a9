extension NginxImport {
    /// Where a server's requests are written down, which a log of the server itself decides in place of that of `http`.
    mutating func log(of site: NginxSite) -> PlannedRoute.Log {
        let wanted = site.scope.list("access_log")
        if wanted.contains(where: { $0.argument(0) == "off" }) { return .nowhere }
        let known = wanted.compactMap { accessLog($0) }
        for other in wanted.dropFirst() where known.count > 1 {
            findings.lost("\(other.shown): a request is in one log of a server in Aya", at: other.origin)
        }
        return known.first.map { .own($0) } ?? .nowhere
    }

    /// Its position among the plan's logs; nil when Aya can't write it, which is said.
    private mutating func accessLog(_ directive: NginxDirective) -> Int? {
        guard let path = directive.argument(0) else { return nil }
        if path.hasPrefix("syslog:") || path.contains("$") {
            findings.lost(
                "access_log \(OneLine.short(path)): write 'syslog: { address }' or a file without variables",
                at: directive.origin)
            return nil
        }
        // Its own format is the one that has no name.
        let format = directive.argument(1).flatMap { $0.contains("=") ? nil : $0 } ?? "combined"
        let log = Plan.AccessLog(
            target: path.hasPrefix("/dev/std") ? .standardError : .file(path),
            format: format == "combined" ? .combined : .json, origin: directive.origin)
        if let known = plan.accessLogs.firstIndex(where: { $0.target == log.target }) { return known }
        if format != "combined" {
            findings.differs(
                "access_log: records are JSON in Aya, not '\(OneLine.short(format))' ('format' and 'template' make them "
                    + "lines)", at: directive.origin)
        }
        guard plan.accessLogs.count < 256 else {
            findings.lost("access_log \(OneLine.short(path)): more than 256 logs", at: directive.origin)
            return nil
        }
        plan.accessLogs.append(log)
        return plan.accessLogs.count - 1
    }
}
