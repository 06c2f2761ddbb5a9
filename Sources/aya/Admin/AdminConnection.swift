internal import AyaReactor
internal import AyaTLS
internal import Glibc

/// A connection to an admin listener: a socket whose calls wait, with TLS or without.
struct AdminConnection {
    typealias Failure = AdminClient.Failure

    /// To be polled; bytes are taken by `receive` alone.
    let descriptor: Int32
    private let tls: BlockingTLS?
    private let patience: Int

    /// - Parameter seconds: for connecting and for each wait for bytes.
    init(_ aya: RunningAya, patience seconds: Int) throws(Failure) {
        patience = seconds
        switch aya.address {
        case .tcp(let host, let port), .tls(let host, let port): descriptor = try Self.connect(host, port, seconds)
        case .unix(let path): descriptor = try Self.connect(path, seconds)
        }
        do throws(TLSFailure) {
            tls = try aya.target?.connect(waitingOn: descriptor)
        } catch {
            Glibc.close(descriptor)
            throw Failure(Self.words(error, seconds))
        }
    }

    func close() { Glibc.close(descriptor) }

    func send(_ bytes: [UInt8]) throws(Failure) {
        if let tls {
            do throws(TLSFailure) { return try tls.send(bytes) } catch { throw Failure(Self.words(error, patience)) }
        }
        // A request of a few bytes fits the socket's buffer: it goes as a whole or not at all.
        let count = unsafe Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        guard count == bytes.count else { throw Failure(Self.words(errno, patience)) }
    }

    /// What has come, at least one byte where this waits for it.
    func receive(waits: Bool = true) throws(Failure) -> Arrival {
        if let tls { return try receive(from: tls, waits) }
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe recv(descriptor, &chunk, chunk.count, waits ? 0 : Int32(MSG_DONTWAIT))
            if count > 0 { return .bytes(Array(chunk[..<count])) }
            if count == 0 { return .end }
            if errno == EINTR { continue }
            if errno == EAGAIN, !waits { return .nothing }
            throw Failure(Self.words(errno, patience))
        }
    }

    enum Arrival {
        case bytes([UInt8])
        /// Nothing yet.
        case nothing
        case end
    }

    private func receive(from tls: BlockingTLS, _ waits: Bool) throws(Failure) -> Arrival {
        do throws(TLSFailure) {
            return switch try tls.receive(waits: waits) {
            case .bytes(let bytes): .bytes(bytes)
            case .nothing: .nothing
            case .end: .end
            }
        } catch {
            throw Failure(Self.words(error, patience))
        }
    }

    // MARK: words

    private static func words(_ code: Int32, _ patience: Int) -> String {
        code == EAGAIN || code == EINPROGRESS ? "no answer within \(patience) s" : SystemReason.text(code)
    }

    /// What went wrong, and what to do about it where that is known.
    private static func words(_ failure: TLSFailure, _ patience: Int) -> String {
        let detail = failure.detail.lowercased()
        switch failure.cause {
        case .broken(let error): return words(error.code, patience)
        case .certificate where detail.contains("mismatch"):
            return "its certificate is not for the name by which it was asked (\(failure.detail))"
        case .certificate where detail.contains("issuer") || detail.contains("self signed"):
            return "its certificate is from an authority that is not trusted here: --ca names the file of one that is "
                + "(\(failure.detail))"
        case .certificate: return "its certificate is no good: \(failure.detail)"
        case .refused where detail.contains("certificate required"):
            return "it wants to see a certificate: --cert and --key name one"
        case .refused where detail.contains("unknown ca") || detail.contains("certificate"):
            return "it does not take the certificate that was shown (\(failure.detail))"
        case .protocolViolation: return "what answers does not speak TLS: try http:// (\(failure.detail))"
        case .peerGone, .refused, .memory: return failure.description
        }
    }

    // MARK: opening

    private static func connect(_ host: String, _ port: UInt16, _ patience: Int) throws(Failure) -> Int32 {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(host, "\(port)", &hints, &list)
        guard code == 0 else { throw Failure(unsafe String(cString: gai_strerror(code)).lowercased()) }
        defer { unsafe freeaddrinfo(list) }
        var reason = Failure("the name has no address")
        var entry = unsafe list
        while let info = unsafe entry?.pointee {
            let descriptor = unsafe open(info.ai_family, patience)
            if unsafe Glibc.connect(descriptor, info.ai_addr, info.ai_addrlen) == 0 { return descriptor }
            reason = Failure(words(errno, patience))
            Glibc.close(descriptor)
            unsafe entry = info.ai_next
        }
        throw reason
    }

    private static func connect(_ path: String, _ patience: Int) throws(Failure) -> Int32 {
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        // An abstract name begins with NUL where its written form has '@' (unix(7)).
        let bytes = path.hasPrefix("@") ? [0] + Array(path.utf8.dropFirst()) : Array(path.utf8) + [0]
        let isTooLong = unsafe withUnsafeMutableBytes(of: &name.sun_path) { room in
            guard bytes.count <= room.count else { return true }
            unsafe room.copyBytes(from: bytes)
            return false
        }
        guard !isTooLong else { throw Failure("the path is too long") }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let descriptor = open(AF_UNIX, patience)
        let code = unsafe withUnsafePointer(to: &name) { pointer in
            // Safe: a sockaddr_un is a sockaddr of its family, and `length` tells how much of it counts.
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(descriptor, $0, length)
            }
        }
        guard code == 0 else {
            let reason = Failure(words(errno, patience))
            Glibc.close(descriptor)
            throw reason
        }
        return descriptor
    }

    /// Failing here shows in the call that uses the descriptor.
    private static func open(_ family: Int32, _ patience: Int) -> Int32 {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var time = timeval(tv_sec: patience, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            unsafe setsockopt(descriptor, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
        }
        return descriptor
    }
}
