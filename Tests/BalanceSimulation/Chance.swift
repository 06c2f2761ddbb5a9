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

    mutating func index(below count: Int) -> Int { Int(source.next() % UInt64(count)) }
}
