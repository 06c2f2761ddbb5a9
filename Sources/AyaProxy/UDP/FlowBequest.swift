package import AyaCore
internal import AyaReactor

/// A flow on its way to a process that takes over: who speaks with whom, and the socket by which the server knows it.
///
/// The server tells flows apart by the port of that socket, so a flow that keeps it goes on as if nothing had happened.
package struct FlowBequest: Sendable {
    package var client: SocketAddress
    /// The address of ours that the client sent to, when there are several.
    package var local: SocketAddress?
    package var pool: String
    package var server: String
    package var descriptor: Int32

    package init(client: SocketAddress, local: SocketAddress?, pool: String, server: String, descriptor: Int32) {
        self.client = client
        self.local = local
        self.pool = pool
        self.server = server
        self.descriptor = descriptor
    }
}

extension UDPListener {
    /// Flows with their sockets, which stay open here too until this process lets go of them.
    package func bequests(atMost count: Int) -> [FlowBequest] {
        allFlows.prefix(count).map { flow in
            FlowBequest(
                client: flow.client, local: flow.local, pool: String(decoding: flow.pool.name, as: UTF8.self),
                server: String(decoding: flow.server.name, as: UTF8.self), descriptor: flow.socket.descriptor)
        }
    }
}
