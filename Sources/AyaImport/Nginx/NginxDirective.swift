/// One directive of an nginx configuration, with its block if it has one.
struct NginxDirective {
    var name: String
    var arguments: [String]
    var block: [NginxDirective]?
    var origin: Origin

    /// The n-th argument, from 0.
    func argument(_ index: Int) -> String? { arguments.indices.contains(index) ? arguments[index] : nil }

    /// As it is shown in messages.
    var shown: String { OneLine.short(([name] + arguments).joined(separator: " ")) }
}
