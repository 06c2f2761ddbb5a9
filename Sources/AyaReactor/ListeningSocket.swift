package import AyaCore
internal import CAyaSystem

/// A socket that accepts connections on one worker. With several workers each has its own on the same address
/// (SO_REUSEPORT), and the kernel spreads new connections over them.
package final class ListeningSocket: EventTarget {
    package let worker: Worker
    package private(set) var descriptor: Int32
    var slot = -1
    /// Told when connections wait.
    package var acceptor: (any ConnectionAcceptor)?

    package enum Accepted {
        /// The client's address is nil for a unix socket.
        case connection(Int32, SocketAddress?)
        case none
        /// The client gave up before it was accepted; there may be more.
        case aborted
        case failed(SystemError)
    }

    /// Takes over a descriptor that listens already: listeners are opened together, before any worker starts, so that
    /// a bad address stops the start and not a worker.
    package init(_ descriptor: Int32, worker: Worker) {
        self.worker = worker
        self.descriptor = descriptor
        slot = worker.watchReader(descriptor, self)
    }

    package func event(_ bits: UInt32) { acceptor?.connectionsWait() }

    package func accept() -> Accepted {
        var peer = aya_address()
        let descriptor = unsafe aya_accept(descriptor, &peer)
        if descriptor >= 0 { return .connection(descriptor, SocketAddress(peer)) }
        let error = SystemError(code: -descriptor)
        return error.wouldBlock ? .none : error.isAborted ? .aborted : .failed(error)
    }

    package func close() {
        guard descriptor >= 0 else { return }
        worker.forget(slot: slot)
        _ = aya_close(descriptor)
        descriptor = -1
        acceptor = nil
    }
}

/// Takes the connections of a listening socket.
package protocol ConnectionAcceptor: AnyObject {
    func connectionsWait()
}

/// Where a stream listener binds, with names resolved.
package enum BoundEndpoint: Hashable, Sendable, CustomStringConvertible {
    case address(SocketAddress)
    case unix(path: String)

    package var description: String {
        switch self {
        case .address(let address): address.description
        case .unix(let path): "unix:\(path)"
        }
    }

    /// The address a descriptor is bound to: tells the port that the system chose for port 0.
    package static func local(_ descriptor: Int32) -> SocketAddress? {
        var raw = aya_address()
        return unsafe aya_local_address(descriptor, &raw) == 0 ? SocketAddress(raw) : nil
    }

    /// Throws when another process listens there: workers share their port, and so would a second Aya, by mistake.
    package func requireFree() throws(SystemError) {
        guard case .address(let address) = self else { return }
        var raw = address.raw
        let code = unsafe aya_probe_tcp(&raw)
        guard code == 0 else { throw SystemError(code: -code) }
    }

    /// Opens a listening descriptor.
    package func listen() throws(SystemError) -> Int32 {
        let descriptor: Int32
        switch self {
        case .address(let address):
            var raw = address.raw
            descriptor = unsafe aya_listen_tcp(&raw, 4096)
        case .unix(let path):
            descriptor = unsafe path.withCString { unsafe aya_listen_unix($0, path.utf8.count, 4096) }
        }
        guard descriptor >= 0 else { throw SystemError(code: -descriptor) }
        return descriptor
    }

    /// Starts a connection; `pending` when it is not established yet.
    package func connect() throws(SystemError) -> (descriptor: Int32, pending: Bool) {
        var pending: Int32 = 0
        let descriptor: Int32
        switch self {
        case .address(let address):
            var raw = address.raw
            descriptor = unsafe aya_connect_tcp(&raw, &pending)
        case .unix(let path):
            descriptor = unsafe path.withCString { unsafe aya_connect_unix($0, path.utf8.count, &pending) }
        }
        guard descriptor >= 0 else { throw SystemError(code: -descriptor) }
        return (descriptor, pending != 0)
    }
}
