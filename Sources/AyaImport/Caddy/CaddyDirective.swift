/// A line of a Caddyfile with the block behind it, if there is one.
struct CaddyDirective {
    var name: String
    var arguments: [String]
    var block: [CaddyDirective]
    var origin: Origin

    func argument(_ index: Int) -> String? { arguments.indices.contains(index) ? arguments[index] : nil }

    /// The directives of that name in its block.
    func all(_ name: String) -> [CaddyDirective] { block.filter { $0.name == name } }
    func first(_ name: String) -> CaddyDirective? { block.first { $0.name == name } }

    var shown: String { OneLine.short(([name] + arguments).joined(separator: " ")) }
}

/// A site of a Caddyfile: its addresses and what it does.
struct CaddyBlock {
    var addresses: [String]
    var body: [CaddyDirective]
    var origin: Origin
}
