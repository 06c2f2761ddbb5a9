internal import AyaConfig

/// Turns an HAProxy configuration into a plan: frontends and `listen`s with their rules, backends with their servers.
struct HAProxyImport {
    var plan = Plan()
    let findings: Findings
    let include: IncludeReader
    let fileName: String
    var listenerNames = Names()
    var poolNames = Names()
    var global = HAProxySection(kind: .global, name: "", origin: Origin(line: 1))
    /// Backends and `listen`s by name.
    var backends: [String: HAProxySection] = [:]
    /// Pools by the backend that they are of.
    var pools: [String: String] = [:]

    static func plan(
        _ file: SourceFile, _ include: @escaping IncludeReader, _ findings: Findings
    ) throws(ImportSyntaxError) -> Plan {
        let sections = try HAProxySection.all(try HAProxyLexer.lines(file.bytes))
        var imports = HAProxyImport(findings, include, file.name)
        imports.read(sections)
        return imports.plan
    }

    private init(_ findings: Findings, _ include: @escaping IncludeReader, _ fileName: String) {
        self.findings = findings
        self.include = include
        self.fileName = fileName
    }

    private mutating func read(_ sections: [HAProxySection]) {
        let coverage = HAProxyCoverage(findings: findings)
        for section in sections {
            coverage.check(section)
            switch section.kind {
            case .global: global.add(section)
            case .backend, .listen: backends[section.name] = section
            case .userlist, .cache, .program, .ring, .mailers, .httpErrors, .logForward, .fcgiApp:
                findings.lost(
                    "\(section.kind.rawValue) \(OneLine.short(section.name)): Aya has nothing for it",
                    at: section.origin)
            case .peers:
                findings.lost(
                    "peers \(OneLine.short(section.name)): what Aya remembers of clients stays in its process",
                    at: section.origin)
            case .defaults, .frontend, .resolvers: break
            }
        }
        readGlobal()
        for section in sections where section.kind == .frontend || section.kind == .listen { readFrontend(section) }
        for section in sections where section.kind == .backend && pools[section.name] == nil {
            findings.lost(
                "backend \(OneLine.short(section.name)): nothing that was carried over uses it", at: section.origin)
        }
    }

    private mutating func readGlobal() {
        if let line = global.line("nbthread"), let count = line.argument(0).flatMap({ Int($0) }),
            (1...1024).contains(count)
        {
            plan.workers = (count, line.origin)
        }
        if let line = global.line("hard-stop-after"), let time = line.argument(0).flatMap({ Times.haproxy($0) }) {
            plan.grace = (min(time, Times.longest), line.origin)
        }
        if let log = global.lines.first(where: { $0.keyword == "log" }), let target = log.argument(0) {
            if target == "stdout" || target == "stderr" {
                plan.accessLogs = [.init(target: .standardError, origin: log.origin)]
                findings.differs("log \(target): records are JSON in Aya, on standard error", at: log.origin)
            } else if target != "global" {
                findings.lost(
                    "log \(OneLine.short(target)): set 'access_log: { file: … }' or '{ stderr: true }'", at: log.origin)
            }
        }
    }

    /// A path of `crt` or `ca-file`, which `crt-base` and `ca-base` may lead.
    func path(_ text: String, base: String) -> String {
        guard !text.hasPrefix("/"), let directory = global.line(base)?.argument(0) else { return text }
        return directory.hasSuffix("/") ? directory + text : "\(directory)/\(text)"
    }

    /// The lines of a map file.
    func map(_ name: String, _ origin: Origin) -> [HAProxyLine]? {
        guard let file = include(name, fileName)?.first, file.bytes.count <= Importer.mostBytes else { return nil }
        return try? HAProxyLexer.lines(file.bytes)
    }
}
