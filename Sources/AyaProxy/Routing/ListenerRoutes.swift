internal import AyaHTTP

/// What the requests of one listener choose among: a table, and the routes that it counts.
///
/// A listener holds both together. One that a reload has taken away keeps those that it had, for the requests that are
/// on their way to it.
struct ListenerRoutes {
    private let table: RouteTable
    private let routes: ContiguousArray<RouteRuntime>

    init(_ table: RouteTable, _ routes: ContiguousArray<RouteRuntime>) {
        self.table = table
        self.routes = routes
    }

    func match(
        host: Span<UInt8>, path: Span<UInt8>, _ head: RequestHead, in bytes: Span<UInt8>
    ) -> RouteRuntime? {
        table.match(host: host, path: path, head, in: bytes).map { routes[$0] }
    }
}
