package import AyaCore

/// The header by which a proxy in front tells whose connection it passes on (the PROXY protocol, versions 1 and 2).
///
/// Whoever may send it may claim any address, so listeners believe it only where they are told to. It is parsed from
/// the first bytes of a connection, before anything else is.
package enum ProxyProtocol: Equatable, Sendable {
    package enum Fault: UInt8, Error, Sendable, CaseIterable {
        case lineTooLong, badLine, badVersion, badFamily, tooLong, addressesTooShort, badExtension, wrongChecksum

        package var detail: StaticString {
            switch self {
            case .lineTooLong: "the PROXY line is longer than 107 bytes"
            case .badLine: "the PROXY line is malformed"
            case .badVersion: "the version or command of the PROXY header is unknown"
            case .badFamily: "the address family of the PROXY header is unknown"
            case .tooLong: "the PROXY header is longer than the limit"
            case .addressesTooShort: "the PROXY header is too short for its addresses"
            case .badExtension: "an extension of the PROXY header is malformed"
            case .wrongChecksum: "the checksum of the PROXY header is wrong"
            }
        }
    }

    case incomplete
    /// The bytes begin with neither signature.
    case absent
    case invalid(Fault)
    /// Addresses are nil when the sender does not know them or they are no IP addresses: those of the connection
    /// itself then stand. `isLocal` marks the sender's own connections, such as its health checks.
    case header(source: SocketAddress?, destination: SocketAddress?, byteCount: Int, isLocal: Bool)

    /// Of a version 2 header with all its extensions.
    package static var largest: Int { 4096 }

    /// Reads from the connection's first byte; asked again with more bytes while it says `incomplete`.
    package static func parse(_ bytes: Span<UInt8>) -> ProxyProtocol {
        guard bytes.count > 0 else { return .incomplete }
        do {
            return bytes[0] == UInt8(ascii: "P") ? try parseLine(bytes) : try parseBinary(bytes)
        } catch {
            return .invalid(error)
        }
    }

    /// Whether the bytes can still become, or have become, the signature; nil when they cannot.
    static func matches<let count: Int>(_ bytes: Span<UInt8>, signature: InlineArray<count, UInt8>) -> Bool? {
        for index in 0..<min(bytes.count, count) where bytes[index] != signature[index] { return nil }
        return bytes.count >= count
    }
}
