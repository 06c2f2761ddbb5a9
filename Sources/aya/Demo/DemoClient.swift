internal import Glibc

/// A client with one blocking keep-alive connection, opened when it is needed.
struct DemoClient {
    private static let request = Array("GET /hello HTTP/1.1\r\nHost: shop.example\r\n\r\n".utf8)

    private let port: UInt16
    private var descriptor: Int32 = -1

    init(port: UInt16) { self.port = port }

    /// Whether the answer is a whole 200. A kept connection may have been closed meanwhile, which is no failure: the
    /// next one counts.
    mutating func ask() -> Bool {
        let isKept = descriptor >= 0
        if exchange() { return true }
        close()
        guard isKept, exchange() else {
            close()
            return false
        }
        return true
    }

    mutating func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }

    private mutating func exchange() -> Bool {
        if descriptor < 0 { open() }
        let request = Self.request
        guard descriptor >= 0, unsafe send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count
        else { return false }
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { return false }
            answer += chunk[..<count]
            guard let body = answer.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound else { continue }
            let head = String(decoding: answer[..<body], as: UTF8.self).lowercased()
            guard head.hasPrefix("http/1.1 200 "), let length = Self.length(head) else { return false }
            if answer.count - body >= length { return answer.count - body == length }
        }
    }

    private static func length(_ head: String) -> Int? {
        guard let name = head.firstRange(of: "\r\ncontent-length: ") else { return nil }
        return Int(head[name.upperBound...].prefix { $0.isNumber })
    }

    private mutating func open() {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var patience = timeval(tv_sec: 5, tv_usec: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        if unsafe LoopbackName(port).with({ unsafe connect(descriptor, $0, $1) }) != 0 { close() }
    }
}
