/// What a line of an access log says about one request.
package struct LogRow: Equatable, Sendable {
    /// Seconds since 1970.
    package var time: Double
    package var status: Int
    /// In seconds; nil where the line does not tell.
    package var duration: Double?

    package var isError: Bool { status >= 500 }

    init?(time: Double?, status: Int?, duration: Double?) {
        guard let time, time.isFinite, time >= 0, time < 1e11, let status, (100...999).contains(status) else {
            return nil
        }
        self.time = time
        self.status = status
        self.duration = duration.flatMap { $0.isFinite && $0 >= 0 && $0 < 1e6 ? $0 : nil }
    }
}
