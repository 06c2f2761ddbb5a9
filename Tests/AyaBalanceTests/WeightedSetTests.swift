internal import AyaCore
internal import Testing

@testable internal import AyaBalance

@Suite struct WeightedSetTests {
    @Test func drawsByShareThroughChanges() {
        var random = RandomSource(seed: 11)
        var set = WeightedSet(capacity: 37)
        var model = Array(repeating: 0, count: 37)
        for _ in 0..<300 {
            let server = Int.random(in: 0..<37, using: &random)
            let share = [0, 1, 5, 5, 5, 100].randomElement(using: &random) ?? 0
            set.set(server, share: share)
            model[server] = share
            #expect(set.count == model.count { $0 > 0 })
            guard let drawn = set.draw(&random) else { continue }
            #expect(model[drawn] > 0)
        }
        let total = model.reduce(0, +)
        var counts = Array(repeating: 0, count: 37)
        for _ in 0..<50_000 { if let server = set.draw(&random) { counts[server] += 1 } }
        for (count, share) in zip(counts, model) {
            let wanted = 50_000 * Double(share) / Double(total)
            #expect(abs(Double(count) - wanted) <= 5 * wanted.squareRoot() + 1)
        }
    }

    @Test func twoDiffer() {
        var random = RandomSource(seed: 12)
        var set = WeightedSet(capacity: 3)
        set.set(1, share: 100)
        #expect(set.drawTwo(&random)?.0 == 1)
        set.set(2, share: 100)
        for _ in 0..<100 {
            guard let (one, other) = set.drawTwo(&random) else { continue }
            #expect(one != other)
        }
    }

    @Test func quantileIsTheSortedOne() {
        var random = RandomSource(seed: 13)
        var loads = Array(repeating: 0, count: 50)
        var quantile = LoadQuantile(0.6)
        for load in loads { quantile.insert(load) }
        for _ in 0..<5_000 {
            let server = Int.random(in: 0..<50, using: &random)
            quantile.remove(loads[server])
            loads[server] = Int.random(in: 0..<20, using: &random)
            quantile.insert(loads[server])
            #expect(quantile.level == loads.sorted()[29])
        }
    }
}
