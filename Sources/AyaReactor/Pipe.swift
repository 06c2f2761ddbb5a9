internal import CAyaSystem

/// A kernel pipe that bytes pass through from one socket to another without entering the process.
package final class Pipe {
    let reading: Int32
    let writing: Int32
    /// The bytes it may hold; the kernel can grant less than was asked for.
    package let capacity: Int
    /// The bytes in it now.
    package private(set) var count = 0

    package init?(capacity wanted: Int) {
        var ends: (Int32, Int32) = (-1, -1)
        let granted = unsafe aya_pipe(&ends.0, &ends.1, Int32(clamping: wanted))
        guard granted > 0 else { return nil }
        (reading, writing) = ends
        capacity = Int(granted)
    }

    deinit {
        _ = aya_close(reading)
        _ = aya_close(writing)
    }

    func filled(_ bytes: Int) { count += bytes }
    func drained(_ bytes: Int) { count -= bytes }
}
