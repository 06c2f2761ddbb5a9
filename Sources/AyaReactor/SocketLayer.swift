package import AyaCore

/// What turns the bytes of a wire into those that a connection is about, and back: TLS.
///
/// It stands inside the socket, so that everything that reads, writes, relays, parks or probes works over it as it
/// works without; a socket without one pays a comparison with nil.
package protocol SocketLayer: AnyObject {
    /// Keys are not agreed on yet: what is written waits for what the peer says first.
    var isHandshaking: Bool { get }

    /// Bytes can be had without another one from the wire.
    var holdsBytes: Bool { get }

    /// As `Socket.receive`.
    func receive(into buffer: Buffer, limit: Int, from socket: Socket) -> Transfer

    /// As `Socket.send`. Bytes count as sent when what became of them is with the kernel, so nobody has to wait for
    /// them again before closing. After `wouldBlock` the same bytes have to be offered again.
    func send(from buffer: Buffer, more: Bool, to socket: Socket) -> Transfer

    /// Reads what concerns the layer alone, as far as it is there.
    func settle(on socket: Socket)

    /// Tells the peer that nothing more will be sent, as far as that goes without waiting.
    func endSending()

    /// The socket is closed.
    func detach()
}
