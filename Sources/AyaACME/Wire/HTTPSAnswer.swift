/// What an authority answered, whole.
struct HTTPSAnswer {
    var status: Int
    /// Names in lower case.
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []

    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    var isGood: Bool { (200...299).contains(status) }

    /// Seconds; nil when it says none, or a date, which authorities do not use.
    var retryAfter: Int64? { header("retry-after").flatMap { Int64($0) }.map { min(max(0, $0), 86400 * 7) } }
}
