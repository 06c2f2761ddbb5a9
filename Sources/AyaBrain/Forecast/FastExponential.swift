/// *eˣ* in a few nanoseconds and to twelve digits: candidates are judged in the units of the history, so every rehearsed
/// value comes back from its logarithm. Four at a time.
enum FastExponential {
    /// 0 below −700, and the value at 700 above it.
    @inline(__always) static func of(_ exponent: SIMD4<Double>) -> SIMD4<Double> {
        let most = SIMD4<Double>(repeating: 700)
        let below = exponent.replacing(with: most, where: exponent .> most)
        let bounded = below.replacing(with: -most, where: below .< -most)
        // Adding 1.5·2⁵² rounds to a whole number, whose low bits are then those of the sum.
        let shifted = bounded * 1.442_695_040_888_963_4 + 6_755_399_441_055_744
        let power = shifted - 6_755_399_441_055_744
        let rest = (bounded - power * 0.693_147_180_369_123_8) - power * 1.908_214_929_270_587_7e-10
        var sum = SIMD4<Double>(repeating: 1.0 / 39_916_800)
        sum = sum * rest + 1.0 / 3_628_800
        sum = sum * rest + 1.0 / 362_880
        sum = sum * rest + 1.0 / 40_320
        sum = sum * rest + 1.0 / 5_040
        sum = sum * rest + 1.0 / 720
        sum = sum * rest + 1.0 / 120
        sum = sum * rest + 1.0 / 24
        sum = sum * rest + 1.0 / 6
        sum = sum * rest + 0.5
        sum = sum * rest + 1
        sum = sum * rest + 1
        // Safe: four numbers of 64 bits either way.
        let bits = unsafe (unsafeBitCast(shifted, to: SIMD4<UInt64>.self) &+ 1_023) &<< 52
        return unsafe sum * unsafeBitCast(bits, to: SIMD4<Double>.self)
    }
}
