/// Asks the admin listener one question over a connection that waits: all the HTTP that a command needs.
struct AdminClient {
    private let aya: RunningAya
    /// For connecting and for each wait for bytes.
    private let patience: Int
    private static let largestAnswer = 64 << 20

    init(_ aya: RunningAya, patience seconds: Int = 5) {
        self.aya = aya
        patience = seconds
    }

    init(_ address: AdminAddress, patience seconds: Int = 5) { self.init(RunningAya(address), patience: seconds) }

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
        guard answer.status == 200 else {
            let words = AdminAnswer.words(of: answer) ?? "it answers with status \(answer.status)"
            throw Failure(words, status: answer.status)
        }
        return answer.body
    }

    /// Whatever is answered. A body is JSON.
    func ask(_ method: String, _ path: String, body: String? = nil) throws(Failure) -> Answer {
        let connection = try connect()
        defer { connection.close() }
        try connection.send(Array(head(method, path, body: body).utf8))
        return try Self.answer(try receiveAll(from: connection))
    }

    /// A request with its body.
    func head(_ method: String, _ path: String, body: String? = nil) -> String {
        var request = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nUser-Agent: aya\r\nConnection: close\r\n"
        if let token = aya.token { request += "Authorization: Bearer \(token)\r\n" }
        if let body { request += "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n" }
        if body == nil, method != "GET" { request += "Content-Length: 0\r\n" }
        return request + "\r\n" + (body ?? "")
    }

    /// Asks for a feed: a connection on which the answer comes as it happens. Whoever calls this closes it.
    func begin(_ path: String) throws(Failure) -> AdminConnection {
        let connection = try connect()
        do throws(Failure) {
            try connection.send(Array(head("GET", path).utf8))
        } catch {
            connection.close()
            throw error
        }
        return connection
    }

    func connect() throws(Failure) -> AdminConnection { try AdminConnection(aya, patience: patience) }

    private func receiveAll(from connection: AdminConnection) throws(Failure) -> [UInt8] {
        var answer: [UInt8] = []
        while answer.count < Self.largestAnswer {
            guard case .bytes(let bytes) = try connection.receive() else { return answer }
            answer += bytes
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
}
