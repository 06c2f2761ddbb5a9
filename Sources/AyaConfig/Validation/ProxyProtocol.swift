internal import AyaCore

extension Validation {
    /// A PROXY header speaks for one client, but requests of many clients share a connection to a server.
    func checkProxyProtocol() {
        let speaking = Set(draft.pools.map(\.value).filter { $0.proxyProtocol != nil }.map(\.name))
        var warned: Set<String> = []
        for reference in draft.routePools where speaking.contains(reference.pool) {
            guard warned.insert(reference.pool).inserted else { continue }
            problems.warning(
                "'proxy_protocol' of pool '\(reference.pool)' is for tcp listeners: requests of routes reach it without",
                at: reference.place)
        }
    }
}
