internal import AyaConfig

/// Turns an nginx configuration into a plan: `http` with its servers and locations, `stream` with its servers.
///
/// Directives are read in the tree that `NginxParser` gives, with nginx's inheritance (`NginxScope`). What no part of
/// the import looks at is found by `NginxCoverage`, so that nothing is dropped in silence.
struct NginxImport {
    var plan = Plan()
    let findings: Findings
    var listenerNames = Names()
    var poolNames = Names()
    /// The upstreams of the context that is being read (`http` or `stream`).
    var upstreams: [String: NginxDirective] = [:]
    /// `map` and `split_clients` by the variable that they make.
    var maps: [String: NginxDirective] = [:]
    /// Pools by what they were made of.
    var pools: [NginxTarget: String] = [:]
    /// Listeners by address, as indices into the plan.
    var listeners: [String: Int] = [:]
    /// Zones of `limit_conn` whose key is the client's address.
    var addressZones: Set<String> = []
    /// Behind the stars of all names of servers: `.shop.example`.
    var wildcardSuffixes: Set<Substring> = []
    /// Servers for which it was said whose Host goes to servers.
    var hostNotes: Set<Origin> = []

    static func plan(
        _ file: SourceFile, _ include: @escaping IncludeReader, _ findings: Findings
    ) throws(ImportSyntaxError) -> Plan {
        var parser = NginxParser(include, findings)
        let root = try parser.parse(file)
        var imports = NginxImport(findings: findings)
        imports.readMain(root)
        NginxCoverage(findings: findings).check(root)
        return imports.plan
    }

    private init(findings: Findings) { self.findings = findings }

    private mutating func readMain(_ root: [NginxDirective]) {
        let main = NginxScope([root])
        let hasContexts = root.contains { $0.name == "http" || $0.name == "stream" }
        for directive in root {
            guard let block = directive.block else { continue }
            switch directive.name {
            case "http": readHTTP(block, main)
            case "stream": readStream(block, main)
            default: break
            }
        }
        // A file of `sites-enabled` or `conf.d` is the inside of an `http` block.
        if !hasContexts { readHTTP(root, NginxScope([])) }
        if let workers = main.directive("worker_processes"), let count = workers.argument(0).flatMap({ Int($0) }),
            (1...1024).contains(count)
        {
            plan.workers = (count, workers.origin)
        }
        if let grace = main.directive("worker_shutdown_timeout"), let time = grace.argument(0).flatMap(Times.nginx) {
            plan.grace = (min(time, Times.longest), grace.origin)
        }
    }

    mutating func readContext(_ block: [NginxDirective]) {
        upstreams = [:]
        maps = [:]
        for directive in block {
            switch directive.name {
            case "upstream": if let name = directive.argument(0) { upstreams[name] = directive }
            case "map", "split_clients":
                if let variable = directive.argument(1), variable.hasPrefix("$") {
                    maps[String(variable.dropFirst())] = directive
                }
            case "limit_conn_zone":
                let zone = directive.arguments.first { $0.hasPrefix("zone=") }
                let key = directive.argument(0)
                if let zone, key == "$binary_remote_addr" || key == "$remote_addr" {
                    let name = zone.dropFirst(5).prefix { $0 != ":" }
                    addressZones.insert(String(name))
                }
            default: break
            }
        }
    }

    private mutating func readHTTP(_ block: [NginxDirective], _ main: NginxScope) {
        readContext(block)
        let scope = main.inside(block)
        let servers = block.filter { $0.name == "server" && $0.block != nil }
        let sites = servers.map { NginxSite($0, scope) }
        let defaults = Dictionary(grouping: NginxSite.defaults(sites), by: \.value).mapValues { Set($0.map(\.key)) }
        wildcardSuffixes = Set(
            sites.flatMap(\.names).filter { $0.hasPrefix("*.") || $0.hasPrefix(".") }.map { $0.drop { $0 == "*" } })
        for (index, site) in sites.enumerated() {
            read(site, defaults: defaults[index] ?? [], isOnly: sites.count == 1)
        }
        plan.routes = RouteOrdering.settleHosts(plan.routes)
        // Pools that no location leads to are worth keeping: someone wrote them down.
        let used = Set(pools.keys.compactMap(\.upstream))
        for name in upstreams.keys.sorted() where !used.contains(name) {
            guard let upstream = upstreams[name], let start = upstream.block?.first?.origin else { continue }
            findings.lost("upstream '\(OneLine.short(name))': nothing that was carried over uses it", at: start)
        }
    }
}
