/// A feed of server-sent events from the admin API, read as it comes.
///
/// https://html.spec.whatwg.org/multipage/server-sent-events.html, as far as Aya uses it.
struct EventStream {
    private let connection: AdminConnection
    private var pending: [UInt8] = []
    private var isOpened = false
    /// Bytes of one event.
    private static let most = 16 << 20

    struct Event {
        var name = "message"
        var data: [UInt8] = []
    }

    enum News {
        case events([Event])
        /// The answer is no feed; its status.
        case refused(Int)
        case ended
    }

    /// - Parameter connection: over which the question was sent. It is closed by `close`.
    init(_ connection: AdminConnection) { self.connection = connection }

    /// To be polled.
    var descriptor: Int32 { connection.descriptor }

    func close() { connection.close() }

    /// What has come; to be asked when there is something.
    mutating func read() -> News {
        switch try? connection.receive(waits: false) {
        case .bytes(let bytes): pending += bytes
        case .nothing: return .events([])
        case .end, nil: return .ended
        }
        guard pending.count < Self.most else { return .ended }
        if !isOpened {
            guard let end = pending.firstRange(of: Array("\r\n\r\n".utf8)) else { return .events([]) }
            let head = String(decoding: pending[..<end.lowerBound], as: UTF8.self)
            let status = Int(head.dropFirst("HTTP/1.1 ".count).prefix(3)) ?? 0
            guard status == 200 else { return .refused(status) }
            pending.removeFirst(end.upperBound)
            isOpened = true
        }
        return .events(takeEvents())
    }

    private mutating func takeEvents() -> [Event] {
        var events: [Event] = []
        let gap = Array("\n\n".utf8)
        while let end = pending.firstRange(of: gap) {
            if let event = Self.event(pending[..<end.lowerBound]) { events.append(event) }
            pending.removeFirst(end.upperBound)
        }
        return events
    }

    private static func event(_ lines: ArraySlice<UInt8>) -> Event? {
        var event = Event()
        for line in lines.split(separator: UInt8(ascii: "\n")) {
            let text = line.drop { $0 == UInt8(ascii: "\r") }
            if text.starts(with: "data:".utf8) {
                event.data += text.dropFirst(5).drop { $0 == UInt8(ascii: " ") }
            } else if text.starts(with: "event:".utf8) {
                let name = text.dropFirst(6).drop { $0 == UInt8(ascii: " ") }
                event.name = String(decoding: name, as: UTF8.self)
            }
        }
        return event.data.isEmpty ? nil : event
    }
}
