extension Histogram {
    /// What was recorded since an earlier state of the same histogram; nil when nothing was.
    package func recorded(since earlier: Histogram) -> Histogram? {
        guard !buckets.isEmpty, total != earlier.total || count != earlier.count else { return nil }
        guard !earlier.buckets.isEmpty else { return self }
        var difference = self
        for index in buckets.indices {
            let (value, isLess) = buckets[index].subtractingReportingOverflow(earlier.buckets[index])
            // It is another histogram by the same name.
            if isLess { return self }
            difference.buckets[index] = value
        }
        difference.total = total &- earlier.total
        return difference
    }
}

extension Histogram {
    /// The sum of what was recorded since an earlier state, in nanoseconds.
    package func total(since earlier: Histogram) -> UInt64 { total.growth(since: earlier.total) }
}

extension UInt64 {
    /// By how much a counter has grown; one that is smaller than before has begun anew.
    package func growth(since earlier: UInt64) -> UInt64 { self >= earlier ? self - earlier : self }
}
