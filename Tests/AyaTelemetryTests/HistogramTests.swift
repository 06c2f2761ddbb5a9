internal import AyaCore
internal import AyaTelemetry
internal import Testing

@Suite struct HistogramTests {
    @Test func bucketsCoverEverythingInOrder() {
        var previous: Int64 = 0
        for bucket in 0..<Histogram.bucketCount - 1 {
            guard let bound = Histogram.upperBound(of: bucket) else {
                Issue.record("bucket \(bucket) has no bound")
                return
            }
            #expect(bound > previous)
            #expect(Histogram.bucket(of: bound) == bucket)
            #expect(Histogram.bucket(of: bound + 1) == bucket + 1)
            previous = bound
        }
        #expect(previous == 65_536_000_000)
        #expect(Histogram.upperBound(of: Histogram.bucketCount - 1) == nil)
    }

    @Test(arguments: [Int64.min, -1, 0, 1]) func nothingIsBelowTheFirst(value: Int64) {
        #expect(Histogram.bucket(of: value) == 0)
    }

    @Test func hugeIsTheLast() { #expect(Histogram.bucket(of: .max) == Histogram.bucketCount - 1) }

    @Test(arguments: [500_000, 1_000_000, 2_500_000, 10_000_000, 160_000_000, 10_240_000_000] as [Int64])
    func exposedBoundsAreBucketBounds(bound: Int64) {
        #expect(Histogram.upperBound(of: Histogram.bucket(of: bound)) == bound)
    }

    @Test func quantilesAreWithinABucket() {
        var histogram = Histogram()
        var random = RandomSource(seed: 3)
        let values = (0..<20_000).map { _ in Int64.random(in: 100_000...50_000_000, using: &random) }
        for value in values { histogram.record(value) }
        let sorted = values.sorted()
        for share in [0.01, 0.5, 0.9, 0.99, 0.999] {
            let exact = Double(sorted[Int(share * Double(sorted.count))])
            let estimate = Double(Interval(histogram.quantile(share) ?? .zero).nanoseconds)
            #expect(abs(estimate - exact) / exact < 0.13, "\(share): \(estimate) instead of \(exact)")
        }
        #expect(histogram.count == 20_000)
        #expect(histogram.sum == .nanoseconds(values.reduce(0, +)))
    }

    @Test func emptyHasNoQuantile() { #expect(Histogram().quantile(0.5) == nil) }

    @Test func addingIsTheSameAsRecordingBoth() {
        var one = Histogram()
        var other = Histogram()
        var both = Histogram()
        var random = RandomSource(seed: 5)
        for index in 0..<1_000 {
            let value = Int64.random(in: 0...70_000_000_000, using: &random)
            if index % 3 == 0 { one.record(value) } else { other.record(value) }
            both.record(value)
        }
        one.add(other)
        #expect(one.count == both.count && one.sum == both.sum)
        #expect(one.count(upTo: 10_240_000_000) == both.count(upTo: 10_240_000_000))
        var empty = Histogram()
        empty.add(both)
        #expect(empty.count == both.count)
    }
}
