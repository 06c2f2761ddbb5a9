/// A section of an HAProxy configuration with the lines of the defaults that it inherits.
struct HAProxySection {
    enum Kind: String {
        case global, defaults, frontend, backend, listen
        case userlist, peers, resolvers, cache, program, ring, mailers
        case httpErrors = "http-errors"
        case logForward = "log-forward"
        case fcgiApp = "fcgi-app"
    }

    var kind: Kind
    var name: String
    var origin: Origin
    var lines: [HAProxyLine] = []
    /// Of the `defaults` before it, or of those that it names with `from`.
    var inherited: [HAProxyLine] = []
    /// Of both, in place of a search for what is not there.
    private(set) var keywords: Set<String> = []

    /// Splits lines into sections; nothing may stand before the first.
    static func all(_ lines: [HAProxyLine]) throws(ImportSyntaxError) -> [HAProxySection] {
        var sections: [HAProxySection] = []
        var latest: [HAProxyLine] = []
        var named: [String: [HAProxyLine]] = [:]
        func close() {
            guard let last = sections.last, last.kind == .defaults else { return }
            latest = last.inherited + last.lines
            if !last.name.isEmpty { named[last.name] = latest }
        }
        for line in lines {
            if let kind = Kind(rawValue: line.keyword) {
                close()
                var section = HAProxySection(kind: kind, name: line.argument(0) ?? "", origin: line.origin)
                if kind == .defaults, section.name == "from" { section.name = "" }
                if let parent = line.value(after: "from") {
                    guard let lines = named[parent] else {
                        throw ImportSyntaxError(
                            message: "there is no 'defaults \(OneLine.short(parent))' before this", origin: line.origin)
                    }
                    section.inherited = lines
                } else if kind != .defaults {
                    section.inherited = latest
                }
                // The old spelling has the address behind the name.
                if (kind == .frontend || kind == .listen), let address = line.argument(1), address != "from" {
                    section.lines.append(HAProxyLine(words: ["bind", address], origin: line.origin))
                }
                sections.append(section)
            } else if sections.isEmpty {
                throw ImportSyntaxError(
                    message: "'\(OneLine.short(line.keyword))' stands before any section", origin: line.origin)
            } else {
                sections[sections.count - 1].lines.append(line)
            }
        }
        for index in sections.indices {
            sections[index].keywords = Set((sections[index].inherited + sections[index].lines).map(\.keyword))
        }
        return sections
    }

    /// A second section of the same.
    mutating func add(_ other: HAProxySection) {
        lines += other.lines
        keywords.formUnion(other.keywords)
    }

    /// The last line with this keyword, its own before inherited ones.
    func line(_ keyword: String, _ second: String? = nil) -> HAProxyLine? {
        if !keywords.contains(keyword) { return nil }
        func fits(_ line: HAProxyLine) -> Bool {
            line.keyword == keyword && (second == nil || line.argument(0) == second)
        }
        return lines.last(where: fits) ?? inherited.last(where: fits)
    }

    /// Its own lines with this keyword, then inherited ones where it has none.
    func all(_ keyword: String) -> [HAProxyLine] {
        let own = lines.filter { $0.keyword == keyword }
        return own.isEmpty ? inherited.filter { $0.keyword == keyword } : own
    }

    /// `option NAME`, unless `no option NAME` takes it back.
    func option(_ name: String) -> HAProxyLine? {
        for lines in [lines, inherited] {
            for line in lines.reversed() {
                if line.keyword == "option", line.argument(0) == name { return line }
                if line.keyword == "no", line.argument(0) == "option", line.argument(1) == name { return nil }
            }
        }
        return nil
    }

    func timeout(_ names: String...) -> Int64? {
        for name in names {
            if let text = line("timeout", name)?.argument(1), let time = Times.haproxy(text) { return time }
        }
        return nil
    }

    var isHTTP: Bool { line("mode")?.argument(0) == "http" }
}
