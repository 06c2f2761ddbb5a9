/// *eˣ* in a few nanoseconds and to twelve digits: candidates are judged in the units of the history, so every rehearsed
/// value comes back from its logarithm.
enum FastExponential {
    /// 0 below −700, and the value at 700 above it.
    @inline(__always) static func of(_ exponent: Double) -> Double {
        let bounded = min(max(exponent, -700), 700)
        // Adding 1.5·2⁵² rounds to a whole number, whose low bits are then those of the sum.
        let shifted = bounded * 1.442_695_040_888_963_4 + 6_755_399_441_055_744
        let power = shifted - 6_755_399_441_055_744
        let rest = (bounded - power * 0.693_147_180_369_123_8) - power * 1.908_214_929_270_587_7e-10
        var sum = 1.0 / 39_916_800
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
        let bits = (shifted.bitPattern &+ 1_023) << 52
        return sum * Double(bitPattern: bits)
    }
}
