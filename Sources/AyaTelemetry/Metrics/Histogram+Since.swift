extension Histogram {
    /// What was recorded since an earlier state of the same histogram.
    package func since(_ earlier: Histogram) -> Histogram {
        guard !earlier.buckets.isEmpty, !buckets.isEmpty else { return self }
        var difference = self
        for index in buckets.indices {
            // A counter that went back was reset: then all of it is new.
            guard buckets[index] >= earlier.buckets[index] else { return self }
            difference.buckets[index] = buckets[index] - earlier.buckets[index]
        }
        difference.total = total &- earlier.total
        return difference
    }
}
