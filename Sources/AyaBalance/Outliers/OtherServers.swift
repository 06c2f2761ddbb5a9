/// The median of everybody else, for each of many servers: sorted once, not once a server.
///
/// Of two in the middle it is the lower one: half of a small pool may fail without hiding the other half's health.
struct OtherServers {
    private let sorted: [Double]

    init(_ values: some Sequence<Double>) { sorted = values.sorted() }

    /// Without one whose value is `own`; nil when nobody else is there.
    func median(without own: Double) -> Double? {
        guard sorted.count > 1 else { return nil }
        let middle = (sorted.count - 2) / 2
        return own <= sorted[middle] ? sorted[middle + 1] : sorted[middle]
    }
}
