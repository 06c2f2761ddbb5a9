/// One exchange, session or flow that has ended, as a line for people.
///
///     12:01:33.123  200  GET   shop.example/cart                3.2 ms  1.2 KiB  web > api > 10.0.0.1:80
struct TapLine {
    /// An access record, as far as the line shows it.
    struct Exchange: Decodable {
        var timestamp: String
        var transport: String?
        var listener: String?
        var client: String?
        var method: String?
        var host: String?
        var path: String?
        var status: Int?
        var bytesOut: Int?
        var sessionBytesIn: Int?
        var sessionBytesOut: Int?
        var route: String?
        var pool: String?
        var server: String?
        var reason: String?
        var blame: String?
        var attempts: Int?
        var retriedServer: String?
        var retriedReason: String?
        var total: Double?

        private enum CodingKeys: String, CodingKey {
            case timestamp, transport = "network.transport", listener = "aya.listener", client = "client.address"
            case method = "http.request.method", host = "server.address", path = "url.path"
            case status = "http.response.status_code", bytesOut = "http.response.body.size"
            case sessionBytesIn = "aya.bytes.received", sessionBytesOut = "aya.bytes.sent"
            case route = "http.route", pool = "aya.pool", server = "aya.server", reason = "aya.reason"
            case blame = "aya.blame", attempts = "aya.attempts", retriedServer = "aya.retried.server"
            case retriedReason = "aya.retried.reason", total = "aya.duration.total"
        }
    }

    private let exchange: Exchange

    init(_ exchange: Exchange) { self.exchange = exchange }

    func text(_ paint: Paint) -> String {
        let time = String(exchange.timestamp.dropFirst(11).prefix(12))
        var parts = [time, colour(Self.padded(outcome, 3), paint)]
        parts.append(Self.padded(exchange.method ?? exchange.transport ?? "", 5))
        parts.append(Self.padded(target, 38))
        parts.append(Self.padded(Figures.time(exchange.total), 7, atEnd: false))
        parts.append(Self.padded(size, 9, atEnd: false))
        parts.append(way)
        if let blame = exchange.blame, let reason = exchange.reason {
            parts.append(paint.bad("\(reason) (\(blame))"))
        } else if let reason = exchange.reason, reason != "ok" {
            parts.append(reason)
        }
        if let attempts = exchange.attempts, attempts > 1 { parts.append("\(attempts) attempts") }
        if let server = exchange.retriedServer, let reason = exchange.retriedReason {
            parts.append("not \(server): \(reason)")
        }
        return parts.joined(separator: "  ")
    }

    private var outcome: String { exchange.status.map { "\($0)" } ?? "-" }

    private var target: String {
        guard let path = exchange.path else { return exchange.client ?? "-" }
        return Self.printable((exchange.host ?? "") + path)
    }

    private var size: String {
        if let out = exchange.bytesOut { return Figures.bytes(out) }
        return Figures.bytes((exchange.sessionBytesIn ?? 0) + (exchange.sessionBytesOut ?? 0))
    }

    /// `listener > route > pool > server`, as far as it came.
    private var way: String {
        [exchange.listener, exchange.route, exchange.pool, exchange.server].compactMap(\.self).filter { !$0.isEmpty }
            .joined(separator: " > ")
    }

    private func colour(_ text: String, _ paint: Paint) -> String {
        switch exchange.status {
        case nil: exchange.blame == nil ? text : paint.bad(text)
        case .some(200..<400): paint.good(text)
        case .some(500...): paint.bad(text)
        case .some: paint.accent(text)
        }
    }

    /// What clients send must not speak to the terminal.
    private static func printable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.isControl ? "?" : $0 }))
    }

    private static func padded(_ text: String, _ width: Int, atEnd: Bool = true) -> String {
        let room = String(repeating: " ", count: max(0, width - text.count))
        return atEnd ? text + room : room + text
    }
}

extension Unicode.Scalar.Properties {
    fileprivate var isControl: Bool {
        switch generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
