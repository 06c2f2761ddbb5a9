/// The blocks around a place, from the innermost out: how nginx finds what holds there.
struct NginxScope {
    /// A block that is looked into for each of the many places in it.
    private struct Block {
        let directives: [NginxDirective]
        /// By name, where the last one stands.
        let last: [String: Int]

        init(_ directives: [NginxDirective]) {
            self.directives = directives
            last = Dictionary(directives.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { $1 })
        }
    }

    /// Innermost first.
    private var blocks: [Block]

    init(_ blocks: [[NginxDirective]]) { self.blocks = blocks.map(Block.init) }

    func inside(_ block: [NginxDirective]) -> NginxScope {
        var scope = self
        scope.blocks.insert(Block(block), at: 0)
        return scope
    }

    /// The directive that holds here: the nearest one.
    func directive(_ name: String) -> NginxDirective? {
        for block in blocks {
            if let position = block.last[name] { return block.directives[position] }
        }
        return nil
    }

    func value(_ name: String) -> String? { directive(name)?.argument(0) }

    /// Directives that add up: those of the nearest block that has one (`proxy_set_header`, `allow`).
    func list(_ name: String) -> [NginxDirective] { list([name]) }

    func list(_ names: Set<String>) -> [NginxDirective] {
        for block in blocks where names.contains(where: { block.last[$0] != nil }) {
            return block.directives.filter { names.contains($0.name) }
        }
        return []
    }

    func milliseconds(_ name: String) -> Int64? { value(name).flatMap(Times.nginx) }

    /// What `set` gave a variable, where it is a fixed text.
    func variable(_ name: String) -> String? {
        for block in blocks where block.last["set"] != nil {
            for directive in block.directives.reversed()
            where directive.name == "set" && directive.argument(0) == "$\(name)" {
                return directive.argument(1)
            }
        }
        return nil
    }

    /// The text with the variables that `set` gave a fixed value; others stay.
    func resolved(_ text: String, depth: Int = 0) -> String {
        guard depth < 8, text.utf8.contains(UInt8(ascii: "$")) else { return text }
        var result = ""
        for part in NginxText.parts(of: text) {
            switch part {
            case .text(let text): result += text
            case .variable(let name):
                if let value = variable(name) {
                    result += resolved(value, depth: depth + 1)
                } else {
                    result += "$\(name)"
                }
            }
            if result.utf8.count > 4096 { return text }
        }
        return result
    }
}

/// Texts with variables in them.
enum NginxText {
    enum Part: Equatable {
        case text(String)
        case variable(String)
    }

    static func parts(of text: String) -> [Part] {
        var parts: [Part] = []
        var plain: [UInt8] = []
        var rest = Array(text.utf8)[...]
        func flush() {
            if !plain.isEmpty { parts.append(.text(String(decoding: plain, as: UTF8.self))) }
            plain = []
        }
        while let byte = rest.first {
            rest = rest.dropFirst()
            guard byte == UInt8(ascii: "$") else {
                plain.append(byte)
                continue
            }
            let isBraced = rest.first == UInt8(ascii: "{")
            let name = (isBraced ? rest.dropFirst() : rest).prefix { isNameByte($0) }
            let length = name.count + (isBraced ? 2 : 0)
            guard !name.isEmpty, !isBraced || rest.dropFirst(name.count + 1).first == UInt8(ascii: "}") else {
                plain.append(byte)
                continue
            }
            flush()
            parts.append(.variable(String(decoding: name, as: UTF8.self)))
            rest = rest.dropFirst(length)
        }
        flush()
        return parts
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "_"): true
        default: false
        }
    }

    /// A location with nginx's variables as Aya's placeholders; nil when one of them has none.
    static func location(_ text: String) -> String? {
        var result = ""
        let parts = parts(of: text)
        for (index, part) in parts.enumerated() {
            switch part {
            case .text(let text):
                guard !text.contains("{"), !text.contains("}") else { return nil }
                result += text
            case .variable("host"), .variable("http_host"), .variable("server_name"): result += "{host}"
            case .variable("scheme"): result += "{scheme}"
            case .variable("request_uri"): result += "{path}{query}"
            case .variable("uri"), .variable("document_uri"): result += "{path}"
            case .variable("is_args"):
                // `$is_args$args` is the query with its question mark.
                guard parts.indices.contains(index + 1), isArguments(parts[index + 1]) else { return nil }
                result += "{query}"
            case .variable("args"), .variable("query_string"):
                guard index > 0, parts[index - 1] == .variable("is_args") else { return nil }
            case .variable: return nil
            }
        }
        return result
    }

    private static func isArguments(_ part: Part) -> Bool {
        part == .variable("args") || part == .variable("query_string")
    }
}
