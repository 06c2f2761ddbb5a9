internal import Glibc

/// Asks the admin listener one question over a blocking socket: all the HTTP that a command needs.
struct AdminClient {
    private let address: AdminAddress
    /// For connecting and for each wait for bytes.
    private let patience: Int
    private static let largestAnswer = 64 << 20

    init(_ address: AdminAddress, patience seconds: Int = 5) {
        self.address = address
        patience = seconds
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
        /// Of an answer that refuses; its body is the description.
        let status: Int?

        init(_ description: String, status: Int? = nil) {
            self.description = description
            self.status = status
        }
    }

    struct Answer {
        var status: Int
        var body: [UInt8]
    }

    /// The body of a 200 answer.
    func get(_ path: String) throws(Failure) -> [UInt8] {
        let answer = try ask("GET", path)
        guard answer.status == 200 else { throw Failure("it answers with status \(answer.status)") }
        return answer.body
    }

    /// Whatever is answered. A body is JSON.
    func ask(_ method: String, _ path: String, body: String? = nil) throws(Failure) -> Answer {
        let descriptor = try connect()
        defer { close(descriptor) }
        try send(Array(head(method, path, body: body).utf8), over: descriptor)
        return try Self.answer(try receiveAll(from: descriptor))
    }

    /// A request with its body.
    func head(_ method: String, _ path: String, body: String? = nil) -> String {
        var request = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nUser-Agent: aya\r\nConnection: close\r\n"
        if let token = Self.token { request += "Authorization: Bearer \(token)\r\n" }
        if let body { request += "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n" }
        if body == nil, method != "GET" { request += "Content-Length: 0\r\n" }
        return request + "\r\n" + (body ?? "")
    }

    /// Asks for a feed: a connection on which the answer comes as it happens. Whoever calls this closes it.
    func begin(_ path: String) throws(Failure) -> Int32 {
        let descriptor = try connect()
        do throws(Failure) {
            try send(Array(head("GET", path).utf8), over: descriptor)
        } catch {
            close(descriptor)
            throw error
        }
        return descriptor
    }

    /// What the environment has for those who come by TCP; nil when it has nothing usable.
    private static var token: String? {
        // Safe: getenv gives nil or a terminated string, and Aya never changes its environment.
        let text = unsafe getenv("AYA_TOKEN").map { unsafe String(cString: $0) }
        return text.flatMap { !$0.isEmpty && $0.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f } ? $0 : nil }
    }

    func connect() throws(Failure) -> Int32 {
        switch address {
        case .tcp(let host, let port): try connect(host, port)
        case .unix(let path): try connect(path)
        }
    }

    private func connect(_ host: String, _ port: UInt16) throws(Failure) -> Int32 {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(host, "\(port)", &hints, &list)
        guard code == 0 else { throw Failure(unsafe String(cString: gai_strerror(code)).lowercased()) }
        defer { unsafe freeaddrinfo(list) }
        var reason = Failure("the name has no address")
        var entry = unsafe list
        while let info = unsafe entry?.pointee {
            let descriptor = unsafe open(info.ai_family)
            if unsafe Glibc.connect(descriptor, info.ai_addr, info.ai_addrlen) == 0 { return descriptor }
            reason = Failure(timeoutOr(errno))
            close(descriptor)
            unsafe entry = info.ai_next
        }
        throw reason
    }

    private func connect(_ path: String) throws(Failure) -> Int32 {
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
        let descriptor = open(AF_UNIX)
        let code = unsafe withUnsafePointer(to: &name) { pointer in
            // Safe: a sockaddr_un is a sockaddr of its family, and `length` tells how much of it counts.
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(descriptor, $0, length)
            }
        }
        guard code == 0 else {
            let reason = Failure(timeoutOr(errno))
            close(descriptor)
            throw reason
        }
        return descriptor
    }

    /// Failing here shows in the call that uses the descriptor.
    private func open(_ family: Int32) -> Int32 {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var time = timeval(tv_sec: patience, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            unsafe setsockopt(descriptor, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
        }
        return descriptor
    }

    func send(_ bytes: [UInt8], over descriptor: Int32) throws(Failure) {
        // A request of a few bytes fits the socket's buffer: it goes as a whole or not at all.
        let count = unsafe Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        guard count == bytes.count else { throw Failure(timeoutOr(errno)) }
    }

    private func receiveAll(from descriptor: Int32) throws(Failure) -> [UInt8] {
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while answer.count < Self.largestAnswer {
            let count = unsafe recv(descriptor, &chunk, chunk.count, 0)
            if count == 0 { return answer }
            if count > 0 { answer += chunk[..<count] } else if errno != EINTR { throw Failure(timeoutOr(errno)) }
        }
        throw Failure("the answer is larger than any of Aya's")
    }

    /// The server closes behind its answer, so the body is what follows the head; Aya states its length.
    private static func answer(_ bytes: [UInt8]) throws(Failure) -> Answer {
        let text = String(decoding: bytes.prefix(65_536), as: UTF8.self)
        guard text.hasPrefix("HTTP/1."), let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)),
            let status = Int(text.dropFirst("HTTP/1.1 ".count).prefix(3))
        else { throw Failure(bytes.isEmpty ? "the connection was closed without an answer" : "the answer is not HTTP") }
        return Answer(status: status, body: Array(bytes[end.upperBound...]))
    }

    private func timeoutOr(_ code: Int32) -> String {
        code == EAGAIN || code == EINPROGRESS ? "no answer within \(patience) s" : SystemReason.text(code)
    }
}
