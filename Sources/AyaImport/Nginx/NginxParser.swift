internal import AyaConfig

/// Reads an nginx configuration with everything that it includes into a tree of directives.
struct NginxParser {
    static let mostDirectives = 100_000
    static let deepestBlock = 32
    static let deepestInclude = 10
    static let mostFiles = 1000

    private let include: IncludeReader
    private let findings: Findings
    private var directives = 0
    private var bytes = 0

    init(_ include: @escaping IncludeReader, _ findings: Findings) {
        self.include = include
        self.findings = findings
    }

    mutating func parse(_ file: SourceFile) throws(ImportSyntaxError) -> [NginxDirective] {
        bytes = file.bytes.count
        return try parse(file, number: 0, depth: 0, includes: 0)
    }

    private mutating func parse(
        _ file: SourceFile, number: Int, depth: Int, includes: Int
    ) throws(ImportSyntaxError) -> [NginxDirective] {
        var lexer = NginxLexer(file.bytes, file: number)
        return try block(&lexer, file, depth: depth, includes: includes, isWholeFile: true)
    }

    private mutating func block(
        _ lexer: inout NginxLexer, _ file: SourceFile, depth: Int, includes: Int, isWholeFile: Bool
    ) throws(ImportSyntaxError) -> [NginxDirective] {
        guard depth <= Self.deepestBlock else {
            throw ImportSyntaxError(message: "blocks nested deeper than \(Self.deepestBlock)", origin: lexer.origin)
        }
        var result: [NginxDirective] = []
        while true {
            let token = try lexer.next()
            let origin = lexer.origin
            switch token {
            case .end:
                guard isWholeFile else {
                    throw ImportSyntaxError(message: "a block that is never closed ('}')", origin: origin)
                }
                return result
            case .close:
                guard !isWholeFile else { throw ImportSyntaxError(message: "a '}' without its '{'", origin: origin) }
                return result
            case .semicolon: continue
            case .open: throw ImportSyntaxError(message: "a '{' without a directive before it", origin: origin)
            case .word(let name):
                directives += 1
                guard directives <= Self.mostDirectives else {
                    throw ImportSyntaxError(message: "more than \(Self.mostDirectives) directives", origin: origin)
                }
                let directive = try self.directive(name, origin, &lexer, file, depth: depth, includes: includes)
                if directive.name == "include", directive.block == nil {
                    result += try included(directive, file, depth: depth, includes: includes)
                } else {
                    result.append(directive)
                }
            }
        }
    }

    private mutating func directive(
        _ name: String, _ origin: Origin, _ lexer: inout NginxLexer, _ file: SourceFile, depth: Int, includes: Int
    ) throws(ImportSyntaxError) -> NginxDirective {
        var directive = NginxDirective(name: name, arguments: [], block: nil, origin: origin)
        while true {
            switch try lexer.next() {
            case .word(let argument): directive.arguments.append(argument)
            case .semicolon: return directive
            case .open:
                if name.hasSuffix("_by_lua_block") || name == "content_by_lua_block" {
                    lexer.skipForeignBlock()
                    directive.block = []
                } else {
                    directive.block = try block(&lexer, file, depth: depth + 1, includes: includes, isWholeFile: false)
                }
                return directive
            case .close, .end:
                throw ImportSyntaxError(message: "'\(OneLine.short(name))' has no ';' behind it", origin: origin)
            }
        }
    }

    /// What stands in place of an `include`.
    private mutating func included(
        _ directive: NginxDirective, _ file: SourceFile, depth: Int, includes: Int
    ) throws(ImportSyntaxError) -> [NginxDirective] {
        guard let pattern = directive.argument(0), !Self.isKnownToBeNeedless(pattern) else { return [] }
        guard includes < Self.deepestInclude else {
            throw ImportSyntaxError(
                message: "files include each other deeper than \(Self.deepestInclude)", origin: directive.origin)
        }
        guard let files = include(pattern, file.name) else {
            findings.lost("include \(OneLine.short(pattern)): the file can't be read", at: directive.origin)
            return []
        }
        var result: [NginxDirective] = []
        for file in files {
            bytes += file.bytes.count
            guard findings.files.count < Self.mostFiles, bytes <= Importer.mostBytes else {
                throw ImportSyntaxError(
                    message: "the included files are too large or too many", origin: directive.origin)
            }
            findings.files.append(file)
            result += try parse(file, number: findings.files.count - 1, depth: depth, includes: includes + 1)
        }
        return result
    }

    /// Lists of types and of parameters for other protocols.
    private static func isKnownToBeNeedless(_ pattern: String) -> Bool {
        let names = [
            "mime.types", "fastcgi_params", "fastcgi.conf", "uwsgi_params", "scgi_params", "modules-enabled/*.conf",
        ]
        return names.contains { pattern == $0 || pattern.hasSuffix("/" + $0) }
    }
}
