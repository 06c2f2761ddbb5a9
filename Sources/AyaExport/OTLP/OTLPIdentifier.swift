/// Identifiers of traces and spans as they travel: in network order.
enum OTLPIdentifier {
    static func bytes(_ number: UInt64) -> [UInt8] {
        unsafe withUnsafeBytes(of: number.bigEndian) { unsafe Array($0) }
    }
}
