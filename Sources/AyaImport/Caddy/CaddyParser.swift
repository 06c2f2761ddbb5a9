internal import AyaConfig

/// Reads a Caddyfile: global options, snippets, imports and sites.
struct CaddyParser {
    static let deepestBlock = 24
    static let deepestImport = 10
    static let mostDirectives = 100_000

    private let include: IncludeReader
    private let findings: Findings
    private var snippets: [String: [CaddyToken]] = [:]
    private var directives = 0
    /// Words of snippets that were put in place of imports.
    private var expanded = 0
    private var bytes = 0
    private(set) var options: [CaddyDirective] = []
    private(set) var sites: [CaddyBlock] = []

    init(_ include: @escaping IncludeReader, _ findings: Findings) {
        self.include = include
        self.findings = findings
    }

    mutating func parse(_ file: SourceFile) throws(ImportSyntaxError) {
        bytes = file.bytes.count
        try parse(try CaddyLexer.tokens(file.bytes, file: 0), file: 0, imports: 0)
    }

    /// What stands at the top of a file.
    private mutating func parse(_ tokens: [CaddyToken], file: Int, imports: Int) throws(ImportSyntaxError) {
        var rest = tokens[...]
        var isFirst = true
        while let token = rest.first {
            let origin = Origin(file: file, line: token.line)
            defer { isFirst = false }
            if token.isOpen, isFirst {
                rest = rest.dropFirst()
                options += try block(&rest, file, depth: 1, imports: imports, opened: origin)
                continue
            }
            if token.isOpen || token.isClose {
                throw ImportSyntaxError(message: "'\(token.text)' without a site before it", origin: origin)
            }
            if token.text == "import", !token.isQuoted {
                let line = Self.line(&rest)
                try importTop(Array(line.dropFirst()), origin, imports: imports)
                continue
            }
            var addresses: [String] = []
            while let next = rest.first, !next.isOpen {
                // Addresses go on on the next line behind a comma.
                if let last = addresses.last, next.line != token.line, !last.hasSuffix(",") { break }
                addresses.append(next.text)
                rest = rest.dropFirst()
                if addresses.count > 1000 { throw ImportSyntaxError(message: "too many addresses", origin: origin) }
                if rest.first.map({ $0.line != next.line }) ?? true, !next.text.hasSuffix(",") { break }
            }
            let names = addresses.flatMap { $0.split(separator: ",").map(String.init) }
            if let name = names.first, name.hasPrefix("("), name.hasSuffix(")") {
                guard rest.first?.isOpen == true else {
                    throw ImportSyntaxError(message: "a snippet without its block", origin: origin)
                }
                rest = rest.dropFirst()
                snippets[String(name.dropFirst().dropLast())] = try Self.skip(&rest, file, origin)
            } else if rest.first?.isOpen == true {
                rest = rest.dropFirst()
                let body = try block(&rest, file, depth: 1, imports: imports, opened: origin)
                if names.first?.hasPrefix("&(") == true {
                    findings.lost("\(names[0]): named routes are not read", at: origin)
                } else {
                    sites.append(CaddyBlock(addresses: names, body: body, origin: origin))
                }
            } else {
                // A file of one site needs no brackets.
                let body = try block(&rest, file, depth: 1, imports: imports, opened: nil)
                sites.append(CaddyBlock(addresses: names, body: body, origin: origin))
            }
        }
    }

    /// The words of a line, and a bracket that it opens is left.
    private static func line(_ rest: inout ArraySlice<CaddyToken>) -> [CaddyToken] {
        guard let first = rest.first else { return [] }
        var line: [CaddyToken] = []
        while let next = rest.first, next.line == first.line, !next.isOpen, !next.isClose {
            line.append(next)
            rest = rest.dropFirst()
        }
        return line
    }

    /// The words up to the bracket that closes a block.
    private static func skip(
        _ rest: inout ArraySlice<CaddyToken>, _ file: Int, _ opened: Origin
    ) throws(ImportSyntaxError) -> [CaddyToken] {
        var depth = 1
        var body: [CaddyToken] = []
        while let token = rest.popFirst() {
            if token.isOpen { depth += 1 }
            if token.isClose {
                depth -= 1
                if depth == 0 { return body }
            }
            body.append(token)
        }
        throw ImportSyntaxError(message: "a block that is never closed ('}')", origin: opened)
    }

    private mutating func block(
        _ rest: inout ArraySlice<CaddyToken>, _ file: Int, depth: Int, imports: Int, opened: Origin?
    ) throws(ImportSyntaxError) -> [CaddyDirective] {
        var result: [CaddyDirective] = []
        guard depth <= Self.deepestBlock else {
            throw ImportSyntaxError(
                message: "blocks nested deeper than \(Self.deepestBlock)",
                origin: opened ?? Origin(file: file, line: rest.first?.line ?? 1))
        }
        while let token = rest.first {
            if token.isClose {
                guard opened != nil else {
                    throw ImportSyntaxError(
                        message: "a '}' without its '{'", origin: Origin(file: file, line: token.line))
                }
                rest = rest.dropFirst()
                return result
            }
            let origin = Origin(file: file, line: token.line)
            if token.isOpen { throw ImportSyntaxError(message: "a '{' without a directive before it", origin: origin) }
            directives += 1
            guard directives <= Self.mostDirectives else {
                throw ImportSyntaxError(message: "more than \(Self.mostDirectives) directives", origin: origin)
            }
            let words = Self.line(&rest)
            var inner: [CaddyDirective] = []
            if let next = rest.first, next.isOpen, next.line == words.last?.line {
                rest = rest.dropFirst()
                inner = try block(&rest, file, depth: depth + 1, imports: imports, opened: origin)
            }
            guard let name = words.first else { continue }
            if name.text == "import", !name.isQuoted {
                result += try imported(Array(words.dropFirst()), origin, file, depth: depth, imports: imports)
            } else {
                result.append(
                    CaddyDirective(
                        name: name.text, arguments: words.dropFirst().map(\.text), block: inner, origin: origin))
            }
        }
        if let opened { throw ImportSyntaxError(message: "a block that is never closed ('}')", origin: opened) }
        return result
    }

    // MARK: Imports

    /// A snippet or files, inside of a block.
    private mutating func imported(
        _ words: [CaddyToken], _ origin: Origin, _ file: Int, depth: Int, imports: Int
    ) throws(ImportSyntaxError) -> [CaddyDirective] {
        try checkImports(imports, origin)
        guard let name = words.first?.text else { return [] }
        let arguments = words.dropFirst().map(\.text)
        if let snippet = snippets[name] {
            expanded += snippet.count
            guard expanded <= 1_000_000 else {
                throw ImportSyntaxError(message: "the imported snippets are too large or too many", origin: origin)
            }
            var tokens = snippet.map { token in
                var token = token
                token.text = Self.filled(token.text, arguments)
                return token
            }[...]
            return try block(&tokens, file, depth: depth + 1, imports: imports + 1, opened: nil)
        }
        var result: [CaddyDirective] = []
        for (number, source) in try files(name, origin) {
            var tokens = try CaddyLexer.tokens(source.bytes, file: number)[...]
            result += try block(&tokens, number, depth: depth + 1, imports: imports + 1, opened: nil)
        }
        return result
    }

    private mutating func importTop(_ words: [CaddyToken], _ origin: Origin, imports: Int) throws(ImportSyntaxError) {
        try checkImports(imports, origin)
        guard let name = words.first?.text else { return }
        for (number, source) in try files(name, origin) {
            try parse(try CaddyLexer.tokens(source.bytes, file: number), file: number, imports: imports + 1)
        }
    }

    private func checkImports(_ imports: Int, _ origin: Origin) throws(ImportSyntaxError) {
        guard imports < Self.deepestImport else {
            throw ImportSyntaxError(message: "imports deeper than \(Self.deepestImport)", origin: origin)
        }
    }

    private mutating func files(_ name: String, _ origin: Origin) throws(ImportSyntaxError) -> [(Int, SourceFile)] {
        guard let found = include(name, findings.files.first?.name ?? "") else {
            findings.lost("import \(OneLine.short(name)): there is no such snippet or file", at: origin)
            return []
        }
        var result: [(Int, SourceFile)] = []
        for file in found {
            bytes += file.bytes.count
            guard findings.files.count < 1000, bytes <= Importer.mostBytes else {
                throw ImportSyntaxError(message: "the imported files are too large or too many", origin: origin)
            }
            findings.files.append(file)
            result.append((findings.files.count - 1, file))
        }
        return result
    }

    /// `{args[0]}` and the older `{args.0}`.
    private static func filled(_ text: String, _ arguments: [String]) -> String {
        guard text.contains("{args") else { return text }
        var result = text
        for (index, argument) in arguments.enumerated().prefix(20) {
            for mark in ["{args[\(index)]}", "{args.\(index)}"] {
                while let range = result.firstRange(of: mark), result.utf8.count < 65_536, !argument.contains(mark) {
                    result.replaceSubrange(range, with: argument)
                }
            }
        }
        return result
    }
}
