/// What a running Aya tells as it happens: server-sent events, one after the other.
extension AdminClient {
    struct Event {
        /// `message` when it has none of its own.
        var name = "message"
        var data = ""
    }

    /// Has `take` called with each event until it says that it has enough, or the stream ends. Returns whether `take`
    /// had enough.
    ///
    /// - Throws: `Failure` when there is no stream; a connection that breaks later is an end.
    func follow(_ path: String, take: (Event) -> Bool) throws(Failure) -> Bool {
        let connection = try begin(path)
        defer { connection.close() }
        var lines = Lines(connection)
        guard let status = lines.next(), status.hasPrefix("HTTP/1."), let code = Int(status.dropFirst(9).prefix(3))
        else { throw Failure("the connection was closed without an answer") }
        while let line = lines.next(), !line.isEmpty {}
        guard code == 200 else { throw Failure(lines.next() ?? "", status: code) }
        var event = Event()
        while let line = lines.next() {
            if line.isEmpty {
                if !event.data.isEmpty, take(event) { return true }
                event = Event()
            } else if line.hasPrefix("event: ") {
                event.name = String(line.dropFirst(7))
            } else if line.hasPrefix("data: ") {
                event.data += (event.data.isEmpty ? "" : "\n") + line.dropFirst(6)
            }
        }
        return false
    }

    /// Lines as they arrive, without their ends.
    private struct Lines {
        private let connection: AdminConnection
        private var bytes: [UInt8] = []
        private var start = 0

        init(_ connection: AdminConnection) { self.connection = connection }

        /// Nil at the end.
        mutating func next() -> String? {
            while true {
                if let end = bytes[start...].firstIndex(of: 10) {
                    defer { start = end + 1 }
                    let line = bytes[start..<end]
                    return String(decoding: line.last == 13 ? line.dropLast() : line, as: UTF8.self)
                }
                bytes.removeFirst(start)
                start = 0
                guard case .bytes(let more) = try? connection.receive() else { return rest() }
                bytes += more
            }
        }

        /// What has no line feed: the end of an error's body.
        private mutating func rest() -> String? {
            defer { bytes = [] }
            return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
        }
    }
}
