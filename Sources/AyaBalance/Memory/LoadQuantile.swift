/// A quantile of what servers have in flight, kept up to date with each change instead of sorted for each pick.
struct LoadQuantile {
    /// Loads from here on are one class: the quantile only has to tell hot from cold.
    private static let classes = 512

    private let quantile: Double
    private var counts = ContiguousArray<Int32>(repeating: 0, count: LoadQuantile.classes)
    private var total = 0
    /// The quantile, and how many loads are at most that.
    private(set) var level = 0
    private var below = 0

    init(_ quantile: Double) { self.quantile = quantile }

    mutating func insert(_ load: Int) {
        let load = min(max(load, 0), Self.classes - 1)
        counts[load] &+= 1
        total &+= 1
        if load <= level { below &+= 1 }
        settle()
    }

    mutating func remove(_ load: Int) {
        let load = min(max(load, 0), Self.classes - 1)
        counts[load] &-= 1
        total &-= 1
        if load <= level { below &-= 1 }
        settle()
    }

    /// The least level that the wanted share of loads does not exceed.
    private mutating func settle() {
        let wanted = max(1, Int((quantile * Double(total)).rounded(.up)))
        while below < wanted, level < Self.classes - 1 {
            level &+= 1
            below &+= Int(counts[level])
        }
        while level > 0, below &- Int(counts[level]) >= wanted {
            below &-= Int(counts[level])
            level &-= 1
        }
        if total == 0 {
            level = 0
            below = 0
        }
    }
}
