internal import AyaCore

extension YAMLWriter {
    mutating func write(_ pool: Blueprint.Pool) {
        typealias Keys = Language.Pool
        map(Keys.servers) { writer in
            for server in pool.servers {
                writer.item { writer in
                    writer.text(Language.Server.address, "\(server.address)")
                    writer.count(Language.Server.weight, server.weight)
                    writer.count(Language.Server.maxConnections, server.maxConnections)
                }
            }
        }
        word(Keys.balance, pool.balance.rawValue)
        map(Keys.timeouts) { writer in
            writer.duration(Keys.Timeouts.connect, pool.timeouts.connect)
            writer.duration(Keys.Timeouts.response, pool.timeouts.response)
            writer.duration(Keys.Timeouts.idle, pool.timeouts.idle)
        }
        map(Keys.retry) { $0.count(Keys.Retry.attempts, pool.retry.attempts) }
        count(Keys.idleConnections, pool.idleConnections)
        word(Keys.proxyProtocol, pool.proxyProtocol?.rawValue ?? "off")
    }
}
