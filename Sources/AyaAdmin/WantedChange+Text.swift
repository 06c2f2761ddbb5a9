/// How a change is told in the history, the audit and the log.
extension WantedChange.Kind: CustomStringConvertible {
    package var description: String {
        switch self {
        case .reload: "reload"
        case .rollback(nil): "rollback"
        case .rollback(let number?): "rollback to \(number)"
        case .setWeight(let weight, let pool, let server): "weight \(weight) for \(pool)/\(server)"
        case .drain(_, let pool, let server): "drain \(pool)/\(server)"
        case .endDraining(let pool, let server): "end drain of \(pool)/\(server)"
        case .addServer(let pool, _): "add server to \(pool)"
        case .removeServer(let pool, let server): "remove \(pool)/\(server)"
        case .setRoute(let route, let isEnabled): "\(isEnabled ? "enable" : "disable") route \(route)"
        case .reset: "take back changes"
        case .upgrade: "upgrade"
        case .setLogLevel(let level, let isKept): "log level \(level)\(isKept ? ", kept" : "")"
        }
    }
}
