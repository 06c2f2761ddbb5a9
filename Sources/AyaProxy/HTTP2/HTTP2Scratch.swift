internal import AyaCore
internal import AyaHTTP

/// What a worker's connections share: room for one head at a time, and streams between two uses.
final class HTTP2Scratch {
    let block = FieldBlock()
    let streams = StreamPool()
    /// An encoded block of fields.
    let encoded = Buffer(capacity: 128 << 10)
    /// The bytes that control frames may always have, so that answers never wait for bodies.
    static let controlRoom = 2048
}
