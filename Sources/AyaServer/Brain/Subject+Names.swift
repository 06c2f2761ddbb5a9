internal import AyaBrain
internal import AyaHistory

/// Whom history's subjects are, in the words of incidents.
extension AyaHistory.Subject {
    /// The pool and the address of a server.
    var server: (pool: String, address: String)? {
        guard kind == .server else { return nil }
        let parts = name.split(separator: "/", maxSplits: 2)
        return parts.count == 3 ? (String(parts[1]), String(parts[2])) : nil
    }

    /// Of a route or pool.
    var plainName: String { name.split(separator: "/", maxSplits: 1).last.map(String.init) ?? name }

    /// Nil for those whose series nobody watches one by one.
    var watched: AyaBrain.Subject? {
        switch kind {
        case .aya: AyaBrain.Subject()
        case .route: AyaBrain.Subject([.route: plainName])
        case .pool: AyaBrain.Subject([.pool: plainName])
        case .listener, .server: nil
        }
    }
}
