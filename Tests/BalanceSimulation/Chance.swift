internal import AyaCore
internal import Glibc

/// Random numbers of the distributions that queueing knows.
struct Chance {
    var source: RandomSource

    init(seed: UInt64) { source = RandomSource(seed: seed) }

    /// Between 0 and 1, neither included.
    mutating func uniform() -> Double { (Double(source.next() >> 11) + 0.5) * 0x1p-53 }

    mutating func exponential(mean: Double) -> Double { -mean * log(uniform()) }

    mutating func normal() -> Double { (-2 * log(uniform())).squareRoot() * cos(2 * Double.pi * uniform()) }

    /// Of mean 1, σ = 1.
    mutating func lognormalFactor() -> Double { exp(normal() - 0.5) }

    /// One draw of the work that a request is.
    mutating func work(_ work: Scenario.Work) -> Double {
        switch work {
        case .exponential(let mean): exponential(mean: mean)
        case .lognormal(let mean): mean * lognormalFactor()
        case .normal(let mean): max(mean * (1 + normal()), mean * 0.01) / 1.0833
        case .pareto(let mean): mean * paretoFactor()
        case .twoKinds(let mean): mean * (uniform() < 0.9 ? 0.5 : 5.5)
        }
    }

    /// Of mean 1, the largest a thousand times the least; its tail falls with the power 1.5.
    private mutating func paretoFactor() -> Double {
        let power = 1.5
        let most = pow(1_000.0, power)
        let drawn = pow((1 - uniform() * (1 - 1 / most)), -1 / power)
        let mean = (1 - pow(1_000, 1 - power)) / (1 - 1 / most) * power / (power - 1)
        return drawn / mean
    }

    mutating func index(below count: Int) -> Int { Int(source.next() % UInt64(count)) }
}
