/// How a call of gRPC ended (its specification, `statuscodes.md`): in the trailer `grpc-status` where HTTP says 200.
package enum GRPCStatus: UInt8, CaseIterable, Hashable, Sendable {
    case ok, cancelled, unknown, invalidArgument, deadlineExceeded, notFound, alreadyExists, permissionDenied
    case resourceExhausted, failedPrecondition, aborted, outOfRange, unimplemented, `internal`, unavailable, dataLoss
    case unauthenticated

    /// As the specification writes it.
    package var name: StaticString {
        switch self {
        case .ok: "OK"
        case .cancelled: "CANCELLED"
        case .unknown: "UNKNOWN"
        case .invalidArgument: "INVALID_ARGUMENT"
        case .deadlineExceeded: "DEADLINE_EXCEEDED"
        case .notFound: "NOT_FOUND"
        case .alreadyExists: "ALREADY_EXISTS"
        case .permissionDenied: "PERMISSION_DENIED"
        case .resourceExhausted: "RESOURCE_EXHAUSTED"
        case .failedPrecondition: "FAILED_PRECONDITION"
        case .aborted: "ABORTED"
        case .outOfRange: "OUT_OF_RANGE"
        case .unimplemented: "UNIMPLEMENTED"
        case .internal: "INTERNAL"
        case .unavailable: "UNAVAILABLE"
        case .dataLoss: "DATA_LOSS"
        case .unauthenticated: "UNAUTHENTICATED"
        }
    }

    /// From the decimal number of the trailer; what is no number of a status is `unknown`.
    package init(decimal text: Span<UInt8>) {
        var number = 0
        for index in 0..<min(text.count, 3) {
            let digit = text[index] &- 48
            guard digit < 10 else {
                self = .unknown
                return
            }
            number = number * 10 + Int(digit)
        }
        self = text.isEmpty || text.count > 2 ? .unknown : GRPCStatus(rawValue: UInt8(number)) ?? .unknown
    }

    /// The server did not do what it was asked, as a 5xx of HTTP says it.
    package var isServerFailure: Bool {
        switch self {
        case .unknown, .deadlineExceeded, .internal, .unavailable, .dataLoss: true
        case .ok, .cancelled, .invalidArgument, .notFound, .alreadyExists, .permissionDenied, .resourceExhausted,
            .failedPrecondition, .aborted, .outOfRange, .unimplemented, .unauthenticated:
            false
        }
    }
}
