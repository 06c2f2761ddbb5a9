internal import AyaHTTP
internal import AyaTelemetry

extension Reason {
    /// The reason that a fault in a client's message ends its exchange with.
    init(_ fault: MessageFault) {
        switch fault.status {
        case 414: self = .targetTooLong
        case 431: self = .headTooLarge
        case 501: self = .unsupportedTransferCoding
        case 505: self = .versionNotSupported
        default: self = .badRequest
        }
    }
}
