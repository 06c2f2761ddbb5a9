/// What a service answered that Aya itself has asked.
package struct HTTPAnswer: Sendable {
    package var status: Int
    /// Names in lower case.
    package var headers: [(name: String, value: String)] = []
    package var body: [UInt8] = []

    package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    package var isGood: Bool { (200...299).contains(status) }

    /// Seconds; nil when it says none, or a date, which services for programs do not use.
    package var retryAfter: Int64? {
        header("retry-after").flatMap { Int64($0) }.map { min(max(0, $0), 86400 * 7) }
    }

    /// The first line of what it says, for people.
    package var excerpt: String {
        let text = String(decoding: body.prefix(200), as: UTF8.self)
        return String(text.prefix { $0 != "\n" && $0 != "\r" })
    }
}
