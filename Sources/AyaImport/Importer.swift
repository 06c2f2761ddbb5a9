package import AyaConfig
package import AyaCore

/// The proxies whose configuration `aya import` reads.
package enum Dialect: String, CaseIterable, Sendable {
    case nginx, haproxy, caddy, traefik, envoy
}

/// What an import gives.
package struct Imported: Sendable {
    /// A valid configuration, laid out; nil when nothing of the imported one could run, or when it could not be read.
    package var configuration: String?
    /// What the configuration does not do as the imported one did, in the order of its files.
    package var findings: [Finding] = []
    /// Why the imported file could not be read; then there is no configuration.
    package var problems: [Diagnostic] = []
}

/// Why a file is not in its dialect.
struct ImportSyntaxError: Error {
    var message: String
    var origin: Origin
}

/// Gives the files that an `include` names, by its pattern and the name of the file that it stands in. Nil is a file that
/// can't be read; a pattern that fits nothing gives an empty list.
package typealias IncludeReader = (_ pattern: String, _ from: String) -> [SourceFile]?

/// Turns another proxy's configuration into Aya's. It does no I/O: files come in as values, included ones by a function.
package enum Importer {
    /// Of all files of an import together; more is no configuration that a person keeps.
    package static let mostBytes = 16 << 20

    package static func run(
        _ dialect: Dialect, _ file: SourceFile, include: @escaping IncludeReader = { _, _ in nil }
    ) -> Imported {
        let findings = Findings()
        findings.files = [file]
        guard file.bytes.count <= mostBytes else {
            return failed("the file is too large (at most 16MiB)", Origin(line: 1), findings)
        }
        do {
            var plan = try plan(dialect, file, include, findings)
            ListenerSettlement.settle(&plan, findings)
            let tree = PlanWriter(plan: plan, findings: findings).tree
            let configuration = Settlement(findings: findings).settle(tree) {
                header(dialect, file, findings.all)
            }
            return Imported(configuration: configuration, findings: findings.all)
        } catch {
            return failed(error.message, error.origin, findings)
        }
    }

    private static func plan(
        _ dialect: Dialect, _ file: SourceFile, _ include: @escaping IncludeReader, _ findings: Findings
    ) throws(ImportSyntaxError) -> Plan {
        switch dialect {
        case .nginx: try NginxImport.plan(file, include, findings)
        case .haproxy: try HAProxyImport.plan(file, include, findings)
        case .caddy: try CaddyImport.plan(file, include, findings)
        case .traefik: try TraefikImport.plan(file, include, findings)
        case .envoy: try EnvoyImport.plan(file, findings)
        }
    }

    private static func header(_ dialect: Dialect, _ file: SourceFile, _ findings: [Finding]) -> [String] {
        var lines = ["From \(baseName(file.name)), by 'aya import \(dialect.rawValue)'."]
        if findings.isEmpty { return lines }
        lines += ["", "Look at these before it runs:"]
        lines += findings.prefix(100).map { finding in
            var finding = finding
            finding.file = baseName(finding.file)
            return "  " + finding.rendered
        }
        if findings.count > 100 { lines.append("  and \(findings.count - 100) more") }
        return lines
    }

    static func baseName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    private static func failed(_ message: String, _ origin: Origin, _ findings: Findings) -> Imported {
        let file = findings.files.indices.contains(origin.file) ? findings.files[origin.file] : nil
        let location = file.map { Diagnostic.Location(file: $0.name, line: origin.line, column: 1) }
        return Imported(findings: [], problems: [Diagnostic(.error, at: location, message)])
    }
}
