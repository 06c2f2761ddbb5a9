internal import AyaCore
internal import AyaHTTP

/// What a worker needs for one head at a time, whichever connection it is of.
final class HTTP2Scratch {
    let block = FieldBlock()
    /// An encoded block of fields.
    let encoded = Buffer(capacity: 128 << 10)
    /// The bytes that control frames may always have, so that answers never wait for bodies.
    static let controlRoom = 2048
}
