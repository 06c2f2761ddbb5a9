package import AyaCore
internal import Glibc

/// A blocking socket as tests play the other side of a connection with. Every call gives up after half a minute, so that
/// a fault shows as a failed expectation and not as a hanging run.
package final class Peer: Sendable {
    package let descriptor: Int32

    package struct Failure: Error, CustomStringConvertible {
        package var call: StaticString
        package var code: Int32
        package var description: String { "\(call): \(unsafe String(cString: strerror(code)))" }
    }

    /// Takes over a descriptor.
    package init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var limit = timeval(tv_sec: 30, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    }

    deinit { Glibc.close(descriptor) }

    /// Connects over TCP.
    package convenience init(to address: SocketAddress) throws {
        self.init(try Self.open(address, Int32(SOCK_STREAM.rawValue)))
        let code = unsafe Self.with(address) { unsafe Glibc.connect(descriptor, $0, $1) }
        guard code == 0 else { throw Failure(call: "connect", code: errno) }
    }

    /// Connects to a unix socket; a leading `@` names an abstract one.
    package convenience init(toUnix path: String) throws {
        self.init(Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0))
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        unsafe withUnsafeMutableBytes(of: &name.sun_path) { space in
            for (index, byte) in bytes.enumerated() { unsafe space[index] = byte }
            if bytes.first == UInt8(ascii: "@") { unsafe space[0] = 0 }
        }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count + (bytes.first == 64 ? 0 : 1))
        let code = unsafe withUnsafePointer(to: &name) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(descriptor, $0, length)
            }
        }
        guard code == 0 else { throw Failure(call: "connect", code: errno) }
    }

    /// A datagram socket on a port of its own, connected to `address` if there is one.
    package convenience init(datagramsTo address: SocketAddress?, from local: IPAddress = .loopback) throws {
        let own = SocketAddress(ip: local, port: 0)
        self.init(try Self.open(own, Int32(SOCK_DGRAM.rawValue)))
        guard unsafe Self.with(own, { unsafe Glibc.bind(descriptor, $0, $1) }) == 0 else {
            throw Failure(call: "bind", code: errno)
        }
        if let address { try connect(address) }
    }

    package func connect(_ address: SocketAddress) throws {
        let code = unsafe Self.with(address) { unsafe Glibc.connect(descriptor, $0, $1) }
        guard code == 0 else { throw Failure(call: "connect", code: errno) }
    }

    /// Two connected ends over TCP on the loopback: one for the test, one to hand to a worker (non-blocking).
    package static func pair() throws -> (Peer, Int32) {
        let listener = try PeerListener()
        let near = try Peer(to: listener.address)
        let far = Glibc.accept(listener.descriptor, nil, nil)
        guard far >= 0 else { throw Failure(call: "accept", code: errno) }
        _ = Glibc.fcntl(far, F_SETFL, O_NONBLOCK)
        return (near, far)
    }

    /// Sends everything; false when the peer is gone or takes nothing for ten seconds.
    @discardableResult
    package func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { raw in
                unsafe Glibc.send(
                    descriptor, raw.baseAddress.map { unsafe $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    @discardableResult
    package func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    package enum Received: Equatable {
        case bytes([UInt8])
        case end
        case failed(Int32)
    }

    /// What one receive brings.
    package func receive(atMost limit: Int = 65536, flags: Int32 = 0) -> Received {
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = unsafe Glibc.recv(descriptor, &bytes, limit, flags)
        return count > 0 ? .bytes(Array(bytes.prefix(count))) : count == 0 ? .end : .failed(errno)
    }

    // MARK: datagrams

    /// Sends one datagram, an empty one too.
    @discardableResult
    package func sendDatagram(_ bytes: [UInt8]) -> Bool {
        unsafe bytes.withUnsafeBytes { unsafe Glibc.send(descriptor, $0.baseAddress, bytes.count, 0) == bytes.count }
    }

    @discardableResult
    package func send(_ bytes: [UInt8], to address: SocketAddress) -> Bool {
        unsafe bytes.withUnsafeBytes { raw in
            unsafe Self.with(address) { name, length in
                unsafe Glibc.sendto(descriptor, raw.baseAddress, bytes.count, 0, name, length) == bytes.count
            }
        }
    }

    /// Receives one datagram and tells who sent it.
    package func receiveFrom(echo: Bool = false) -> SocketAddress? {
        var bytes = [UInt8](repeating: 0, count: 70_000)
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let count = unsafe withUnsafeMutablePointer(to: &storage) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.recvfrom(descriptor, &bytes, bytes.count, 0, $0, &length)
            }
        }
        guard count >= 0, let sender = Self.address(storage) else { return nil }
        if echo { send(Array(bytes.prefix(count)), to: sender) }
        return sender
    }

    /// Sends the next datagram back to where it came from.
    package func echo() { _ = receiveFrom(echo: true) }

    /// Exactly `count` bytes, fewer when the stream ends or breaks before.
    package func receive(exactly count: Int) -> [UInt8] {
        var all: [UInt8] = []
        all.reserveCapacity(count)
        while all.count < count, case .bytes(let more) = receive(atMost: min(65536, count - all.count)) { all += more }
        return all
    }

    package func text(_ count: Int) -> String { String(decoding: receive(exactly: count), as: UTF8.self) }

    package func endSending() { _ = Glibc.shutdown(descriptor, Int32(SHUT_WR)) }

    /// Makes the coming close a reset.
    package func resetOnClose() {
        var now = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
    }

    package var localAddress: SocketAddress? { Self.localAddress(descriptor) }

    static func localAddress(_ descriptor: Int32) -> SocketAddress? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let code = unsafe withUnsafeMutablePointer(to: &storage) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.getsockname(descriptor, $0, &length)
            }
        }
        return code == 0 ? address(storage) : nil
    }

    private static func address(_ storage: sockaddr_storage) -> SocketAddress? {
        unsafe withUnsafeBytes(of: storage) { raw in
            let port = unsafe UInt16(raw[2]) << 8 | UInt16(raw[3])
            func word(_ start: Int, _ count: Int) -> UInt64 {
                unsafe raw[start..<start + count].reduce(0) { $0 << 8 | UInt64($1) }
            }
            switch Int32(storage.ss_family) {
            case AF_INET: return SocketAddress(ip: IPAddress(v4: UInt32(word(4, 4))), port: port)
            case AF_INET6: return SocketAddress(ip: IPAddress(v6High: word(8, 8), low: word(16, 8)), port: port)
            default: return nil
            }
        }
    }

    static func open(_ address: SocketAddress, _ type: Int32) throws -> Int32 {
        let descriptor = Glibc.socket(address.ip.family == .v4 ? AF_INET : AF_INET6, type, 0)
        guard descriptor >= 0 else { throw Failure(call: "socket", code: errno) }
        return descriptor
    }

    static func with<Result>(
        _ address: SocketAddress, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var storage = sockaddr_storage()
        let isV4 = address.ip.family == .v4
        unsafe withUnsafeMutableBytes(of: &storage) { raw in
            unsafe raw[2] = UInt8(address.port >> 8)
            unsafe raw[3] = UInt8(address.port & 0xff)
            func store(_ value: UInt64, _ start: Int, _ count: Int) {
                for index in 0..<count {
                    unsafe raw[start + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * (count - 1 - index)))
                }
            }
            if isV4 {
                store(address.ip.low, 4, 4)
            } else {
                store(address.ip.high, 8, 8)
                store(address.ip.low, 16, 8)
            }
        }
        storage.ss_family = sa_family_t(isV4 ? AF_INET : AF_INET6)
        let length = socklen_t(isV4 ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size)
        return unsafe withUnsafePointer(to: &storage) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
        }
    }
}

/// A blocking listening socket on a port of its own.
package final class PeerListener: Sendable {
    package let descriptor: Int32
    package let address: SocketAddress

    package init(_ ip: IPAddress = .loopback, backlog: Int32 = 128) throws {
        let wanted = SocketAddress(ip: ip, port: 0)
        let descriptor = try Peer.open(wanted, Int32(SOCK_STREAM.rawValue))
        guard unsafe Peer.with(wanted, { unsafe Glibc.bind(descriptor, $0, $1) }) == 0,
            Glibc.listen(descriptor, backlog) == 0, let address = Peer.localAddress(descriptor)
        else { throw Peer.Failure(call: "listen", code: errno) }
        self.descriptor = descriptor
        self.address = address
    }

    deinit { Glibc.close(descriptor) }

    package func accept() throws -> Peer {
        let far = Glibc.accept(descriptor, nil, nil)
        guard far >= 0 else { throw Peer.Failure(call: "accept", code: errno) }
        return Peer(far)
    }
}
