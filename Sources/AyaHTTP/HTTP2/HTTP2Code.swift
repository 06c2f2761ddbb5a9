/// The error codes of HTTP/2 (RFC 9113 section 7).
package enum HTTP2Code: UInt32, Sendable, CaseIterable {
    case noError, protocolError, internalError, flowControlError, settingsTimeout, streamClosed, frameSizeError,
        refusedStream, cancel, compressionError, connectError, enhanceYourCalm, inadequateSecurity, http11Required

    /// The name in the registry of RFC 9113 section 11.4.
    package var name: StaticString {
        switch self {
        case .noError: "NO_ERROR"
        case .protocolError: "PROTOCOL_ERROR"
        case .internalError: "INTERNAL_ERROR"
        case .flowControlError: "FLOW_CONTROL_ERROR"
        case .settingsTimeout: "SETTINGS_TIMEOUT"
        case .streamClosed: "STREAM_CLOSED"
        case .frameSizeError: "FRAME_SIZE_ERROR"
        case .refusedStream: "REFUSED_STREAM"
        case .cancel: "CANCEL"
        case .compressionError: "COMPRESSION_ERROR"
        case .connectError: "CONNECT_ERROR"
        case .enhanceYourCalm: "ENHANCE_YOUR_CALM"
        case .inadequateSecurity: "INADEQUATE_SECURITY"
        case .http11Required: "HTTP_1_1_REQUIRED"
        }
    }
}

/// What a peer did wrong: the code that it is told, and a sentence for the log. It never repeats what the peer sent.
package struct HTTP2Fault: Error, Sendable {
    package var code: HTTP2Code
    package var detail: StaticString

    package init(_ code: HTTP2Code, _ detail: StaticString) {
        self.code = code
        self.detail = detail
    }
}
