internal import AyaProxy
internal import AyaReactor

extension Inheritance {
    /// What a service manager opened, as if another process had left it: found by the listener's name, else by address.
    static func takeActivation() -> Inheritance? {
        let opened = SocketActivation.take()
        guard !opened.isEmpty else { return nil }
        return Inheritance(
            opened.map { socket in
                let address = BoundEndpoint.local(socket.descriptor).map { "\($0)" } ?? "-"
                let transport = socket.isDatagram ? "udp" : "stream"
                // Names of its own have no room for what separates the parts.
                let name = socket.name.isEmpty ? "-" : socket.name.replacing(" ", with: "_")
                return Successor.Bequest(name: "\(name) \(transport) \(address)", descriptor: socket.descriptor)
            }, isActivation: true)
    }
}
