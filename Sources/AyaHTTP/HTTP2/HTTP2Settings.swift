package import AyaCore

/// What a peer asks of us (RFC 9113 section 6.5.2), with the values that hold until it speaks.
package struct HTTP2Settings: Equatable, Sendable {
    package var headerTableSize = 4096
    package var enablePush = true
    package var maxConcurrentStreams = Int(UInt32.max)
    package var initialWindow = 65535
    package var maxFrameSize = 16384
    package var maxHeaderListSize = Int(UInt32.max)
    /// RFC 8441 section 3.
    package var enableConnectProtocol = false

    package init() {}

    enum Identifier: UInt16 {
        case headerTableSize = 1
        case enablePush, maxConcurrentStreams, initialWindow, maxFrameSize, maxHeaderListSize
        case enableConnectProtocol = 8
        /// RFC 9218 section 2.1.
        case noPriorities = 9
    }

    /// Takes one parameter; unknown ones are ignored.
    mutating func take(_ identifier: UInt16, _ value: UInt32, fromServer: Bool) -> HTTP2Fault? {
        guard let known = Identifier(rawValue: identifier) else { return nil }
        switch known {
        case .headerTableSize: headerTableSize = Int(value)
        case .enablePush:
            guard value <= 1, value == 0 || !fromServer else {
                return HTTP2Fault(.protocolError, "ENABLE_PUSH is neither 0 nor 1, or a server's 1")
            }
            enablePush = value == 1
        case .maxConcurrentStreams: maxConcurrentStreams = Int(value)
        case .initialWindow:
            guard value <= 0x7fff_ffff else { return HTTP2Fault(.flowControlError, "the initial window is too large") }
            initialWindow = Int(value)
        case .maxFrameSize:
            guard (16384...16_777_215).contains(value) else {
                return HTTP2Fault(.protocolError, "MAX_FRAME_SIZE is out of its bounds")
            }
            maxFrameSize = Int(value)
        case .maxHeaderListSize: maxHeaderListSize = Int(value)
        case .enableConnectProtocol:
            guard value <= 1, value == 1 || !enableConnectProtocol else {
                return HTTP2Fault(.protocolError, "ENABLE_CONNECT_PROTOCOL is not 1, or taken back")
            }
            enableConnectProtocol = value == 1
        case .noPriorities:
            guard value <= 1 else { return HTTP2Fault(.protocolError, "NO_RFC7540_PRIORITIES is neither 0 nor 1") }
        }
        return nil
    }
}

/// What we ask of a peer, and what we bear from it.
package struct HTTP2Limits: Sendable {
    package var maxConcurrentStreams = 128
    /// Bytes of one stream, and of all streams, that the peer may send before they are consumed. A stream's is the
    /// bandwidth that one upload can have times the distance; the connection's bounds what a client can make us hold.
    package var streamWindow = 256 << 10
    package var connectionWindow = 1 << 20
    /// Bytes of all fields of a head as RFC 9113 section 6.5.2 counts them, and how many fields.
    package var headerList = 32768 + 100 * 32
    package var headerCount = 100
    /// The longest body, over all its frames, of a head that comes in several frames.
    package var headerBlock = 64 << 10
    package var allowsConnectProtocol = true

    package init() {}

    /// A frame is taken whole, so it has to fit into a buffer with what came before it.
    static var largestFrame: Int { 16384 }
}

extension Buffer {
    package func appendSettings(_ limits: HTTP2Limits, isServer: Bool) {
        var parameters: [(HTTP2Settings.Identifier, Int)] = [
            (.initialWindow, limits.streamWindow), (.maxHeaderListSize, limits.headerList),
        ]
        if isServer {
            parameters.append((.maxConcurrentStreams, limits.maxConcurrentStreams))
            if limits.allowsConnectProtocol { parameters.append((.enableConnectProtocol, 1)) }
            parameters.append((.noPriorities, 1))
        } else {
            parameters.append((.enablePush, 0))
        }
        appendFrameHeader(.settings, stream: 0, length: 6 &* parameters.count)
        for (identifier, value) in parameters {
            append(network: identifier.rawValue)
            append(network: UInt32(clamping: value))
        }
    }
}
