internal import AyaCore
internal import AyaProxy
internal import AyaReactor

/// Under which name a flow's socket is handed over: the worker and the listener that it belongs to, and who speaks with
/// whom.
enum FlowName {
    /// In all: their names go by one variable of the environment, which the system bounds (execve(2), 128 KiB).
    static let most = 1_000

    /// Of a worker.
    static func prefix(worker: Int) -> String { "flow \(worker) " }

    static func bequest(_ flow: FlowBequest, listener: String, worker: Int) -> Successor.Bequest {
        let local = flow.local.map { "\($0)" } ?? "-"
        return Successor.Bequest(
            name: prefix(worker: worker) + "\(listener) \(flow.client) \(local) \(flow.pool) \(flow.server)",
            descriptor: flow.descriptor)
    }

    /// Nil for a name that is none of a flow's.
    static func flow(_ bequest: Successor.Bequest) -> (listener: String, flow: FlowBequest)? {
        let parts = bequest.name.split(separator: " ").map(String.init)
        guard parts.count == 7, let client = SocketAddress(parts[3]) else { return nil }
        return (
            parts[2],
            FlowBequest(
                client: client, local: SocketAddress(parts[4]), pool: parts[5], server: parts[6],
                descriptor: bequest.descriptor)
        )
    }
}
