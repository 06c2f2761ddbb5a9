/// The first message of a TLS connection, read without opening the connection (RFC 8446 section 4.1.2).
///
/// Layer 4 routes on the server name and passes the bytes through untouched, so nothing here is negotiated: only the
/// structure is checked, strictly enough that the name found is the name that a TLS server would find.
package enum ClientHello: Equatable, Sendable {
    package enum Fault: UInt8, Error, Sendable, CaseIterable {
        case badRecord, notClientHello, tooLong, badStructure, repeatedExtension, badServerName

        package var detail: StaticString {
            switch self {
            case .badRecord: "a TLS record is malformed"
            case .notClientHello: "the first handshake message is not a ClientHello"
            case .tooLong: "the ClientHello is longer than the limit"
            case .badStructure: "the ClientHello is malformed"
            case .repeatedExtension: "the ClientHello repeats an extension"
            case .badServerName: "the server name is not one DNS name"
            }
        }
    }

    /// What was found.
    package struct Summary: Equatable, Sendable {
        /// The `host_name` of the `server_name` extension (RFC 6066 section 3) as sent, case and all; nil without one.
        package var serverName: [UInt8]?
        /// The protocols of the ALPN extension (RFC 7301) in the client's order.
        package var protocols: [[UInt8]]
        /// The extension `supported_versions` offers TLS 1.3.
        package var offersTLS13: Bool

        package init(serverName: [UInt8]?, protocols: [[UInt8]], offersTLS13: Bool) {
            self.serverName = serverName
            self.protocols = protocols
            self.offersTLS13 = offersTLS13
        }
    }

    case incomplete
    /// The bytes begin no TLS handshake record.
    case notTLS
    case invalid(Fault)
    case hello(Summary)

    /// Of the message and the headers of the records that carry it. Post-quantum key shares take two KiB; browsers stay far below this.
    package static var largest: Int { 16384 }

    /// Reads from the connection's first byte. It is asked again with more bytes while it says `incomplete`.
    package static func parse(_ bytes: Span<UInt8>) -> ClientHello {
        do {
            guard let message = try HandshakeBytes.collect(bytes) else { return .incomplete }
            guard message.isTLS else { return .notTLS }
            return .hello(try parseMessage(message.bytes))
        } catch {
            return .invalid(error)
        }
    }

    private static func parseMessage(_ message: [UInt8]) throws(Fault) -> Summary {
        var reader = WireReader(message)
        // legacy_version, random.
        guard let version = reader.number(2), version >> 8 == 3, reader.skip(32) else { throw .badStructure }
        guard let session = reader.vector(lengthBytes: 1), session.count <= 32,
            let suites = reader.vector(lengthBytes: 2), suites.count >= 2, suites.count % 2 == 0,
            let compressions = reader.vector(lengthBytes: 1), !compressions.isEmpty
        else { throw .badStructure }
        var summary = Summary(serverName: nil, protocols: [], offersTLS13: false)
        // Before TLS 1.3 extensions could be left out altogether.
        if reader.isAtEnd { return summary }
        guard let extensions = reader.vector(lengthBytes: 2), reader.isAtEnd else { throw .badStructure }
        var seen: [UInt16] = []
        var rest = WireReader(message, extensions)
        while !rest.isAtEnd {
            guard let type = rest.number(2), let content = rest.vector(lengthBytes: 2) else { throw .badStructure }
            let kind = UInt16(truncatingIfNeeded: type)
            // Twice the same extension, and two readers could take two different names.
            guard !seen.contains(kind) else { throw .repeatedExtension }
            // Far more than are registered; keeps the search above short.
            guard seen.count < 128 else { throw .badStructure }
            seen.append(kind)
            switch kind {
            case 0: summary.serverName = try parseServerName(message, content)
            case 16: summary.protocols = try parseProtocols(message, content)
            case 43: summary.offersTLS13 = try parseVersions(message, content)
            default: break
            }
        }
        return summary
    }

    private static func parseServerName(_ bytes: [UInt8], _ range: Range<Int>) throws(Fault) -> [UInt8]? {
        var reader = WireReader(bytes, range)
        guard let list = reader.vector(lengthBytes: 2), reader.isAtEnd, !list.isEmpty else { throw .badServerName }
        var names = WireReader(bytes, list)
        // One name of the only type there is (RFC 6066: no two of one type; others were never defined).
        guard names.number(1) == 0, let name = names.vector(lengthBytes: 2), names.isAtEnd else { throw .badServerName }
        guard (1...255).contains(name.count) else { throw .badServerName }
        var copy: [UInt8] = []
        copy.reserveCapacity(name.count)
        for index in name {
            let byte = bytes[index]
            // A DNS name, underscores included; everything else, NUL first, is somebody's trick.
            let folded = byte | 0x20
            let isLetter = folded &- 97 < 26 && byte < 128
            guard isLetter || byte &- 48 < 10 || byte == 45 || byte == 46 || byte == 95 else { throw .badServerName }
            copy.append(byte)
        }
        return copy
    }

    private static func parseProtocols(_ bytes: [UInt8], _ range: Range<Int>) throws(Fault) -> [[UInt8]] {
        var reader = WireReader(bytes, range)
        guard let list = reader.vector(lengthBytes: 2), reader.isAtEnd, !list.isEmpty else { throw .badStructure }
        var names = WireReader(bytes, list)
        var protocols: [[UInt8]] = []
        while !names.isAtEnd {
            guard let name = names.vector(lengthBytes: 1), !name.isEmpty else { throw .badStructure }
            // More than anybody offers; bounds what is copied.
            if protocols.count < 32 { protocols.append(Array(bytes[name])) }
        }
        return protocols
    }

    private static func parseVersions(_ bytes: [UInt8], _ range: Range<Int>) throws(Fault) -> Bool {
        var reader = WireReader(bytes, range)
        guard let list = reader.vector(lengthBytes: 1), reader.isAtEnd, !list.isEmpty, list.count % 2 == 0
        else { throw .badStructure }
        var versions = WireReader(bytes, list)
        var offers = false
        while let version = versions.number(2) {
            if version == 0x0304 { offers = true }
        }
        return offers
    }
}
