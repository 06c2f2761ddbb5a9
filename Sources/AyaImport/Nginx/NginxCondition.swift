/// What an `if` asks, as far as a route can ask it.
enum NginxCondition: Equatable {
    case fields(PlannedRoute.Match)
    /// `$scheme = http`.
    case transport(PlannedRoute.Transport)

    static func match(_ arguments: [String]) -> NginxCondition? {
        // `if ($host = x)` comes as the words `($host`, `=`, `x)`.
        var words = arguments
        guard let first = words.first, first.hasPrefix("("), let last = words.last, last.hasSuffix(")") else {
            return nil
        }
        words[0].removeFirst()
        words[words.count - 1].removeLast()
        words.removeAll { $0.isEmpty }
        guard words.count == 3 else { return nil }
        let (variable, sign, value) = (words[0], words[1], words[2])
        switch (variable, sign) {
        case ("$scheme", "="): return value == "http" ? .transport(.plain) : value == "https" ? .transport(.tls) : nil
        case ("$scheme", "!="): return value == "https" ? .transport(.plain) : nil
        case ("$https", "="), ("$https", "!="):
            guard value.isEmpty || value == "on" else { return nil }
            return .transport((sign == "=") == value.isEmpty ? .plain : .tls)
        case ("$http_x_forwarded_proto", "="):
            return .fields(.init(headers: [.init(name: "x-forwarded-proto", value: value)]))
        case ("$host", "="), ("$http_host", "="): return .fields(.init(host: value.lowercased()))
        case ("$host", "~"), ("$host", "~*"):
            guard let hosts = PathExpression.hosts(value), hosts.count == 1 else { return nil }
            return .fields(.init(host: hosts[0]))
        case ("$request_method", "="): return .fields(.init(methods: [value]))
        case ("$request_method", "~"):
            var text = value[...]
            if text.hasPrefix("^") { text = text.dropFirst() }
            if text.hasSuffix("$") { text = text.dropLast() }
            if text.hasPrefix("("), text.hasSuffix(")") { text = text.dropFirst().dropLast() }
            let methods = text.split(separator: "|").map(String.init)
            guard !methods.isEmpty, methods.allSatisfy({ $0.utf8.allSatisfy { (65...90).contains($0) } }) else {
                return nil
            }
            return .fields(.init(methods: methods))
        case ("$uri", "="), ("$request_uri", "="): return .fields(.init(path: .exact(value)))
        default:
            guard sign == "=", !value.isEmpty else { return nil }
            if variable.hasPrefix("$http_") {
                let name = NginxLocation.headerName(variable.dropFirst(6))
                return .fields(.init(headers: [.init(name: name, value: value)]))
            }
            if variable.hasPrefix("$cookie_") {
                return .fields(.init(cookies: [.init(name: String(variable.dropFirst(8)), value: value)]))
            }
            if variable.hasPrefix("$arg_") {
                return .fields(.init(query: [.init(name: String(variable.dropFirst(5)), value: value)]))
            }
            return nil
        }
    }
}
