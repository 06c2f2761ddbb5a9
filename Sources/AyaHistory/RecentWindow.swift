/// The frames of the last seconds: what is not on the disk yet, and what is asked for most.
struct RecentWindow {
    /// In seconds.
    static let length = 120
    private var frames: [Frame?] = Array(repeating: nil, count: length)
    private(set) var newest: Frame?

    private static func slot(_ time: Int64) -> Int { Int(time.magnitude % UInt64(length)) }

    /// False for a second that is there already, as when the clock was set back a little.
    mutating func add(_ frame: Frame) -> Bool {
        if let newest {
            let step = frame.time - newest.time
            if step <= 0, step > -Int64(Self.length) { return false }
            // The clock was set back by more: what came later has not happened yet.
            if step <= 0 { self = RecentWindow() }
        }
        frames[Self.slot(frame.time)] = frame
        newest = frame
        return true
    }

    subscript(_ time: Int64) -> Frame? {
        guard let frame = frames[Self.slot(time)], frame.time == time else { return nil }
        return frame
    }

    /// The first second that is still there.
    var start: Int64? { newest.map { $0.time - Int64(Self.length) + 1 } }

    mutating func removeAll() { self = RecentWindow() }
}
