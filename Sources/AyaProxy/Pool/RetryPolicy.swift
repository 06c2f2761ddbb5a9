internal import AyaConfig
internal import AyaCore
internal import AyaTelemetry

/// What of a pool's failures leads to another try.
struct RetryPolicy {
    /// Tries in all.
    let attempts: Int
    let perTryTimeout: Interval?
    private let connectFailure: Bool
    private let reset: Bool
    private let timeout: Bool
    /// Bit n for status 500 + n.
    private let statuses: (UInt64, UInt64)
    /// By number.
    private let grpcStatuses: UInt32

    init(_ retry: Blueprint.Retry) {
        attempts = max(1, retry.attempts)
        perTryTimeout = retry.perTryTimeout.map(Interval.init)
        connectFailure = retry.when.contains(.connectFailure)
        reset = retry.when.contains(.reset)
        // A bound on each try makes sense only where another follows.
        timeout = retry.when.contains(.timeout) || retry.perTryTimeout != nil
        var statuses: (UInt64, UInt64) = (0, 0)
        for case .status(let status) in retry.when where (500...599).contains(status) {
            if status < 564 { statuses.0 |= 1 << UInt64(status - 500) } else { statuses.1 |= 1 << UInt64(status - 564) }
        }
        self.statuses = statuses
        grpcStatuses = retry.when.reduce(0) { all, condition in
            if case .grpc(let status) = condition { all | 1 << UInt32(status.rawValue) } else { all }
        }
    }

    /// Calls of gRPC are tried again by their status.
    var readsCalls: Bool { grpcStatuses != 0 }

    func covers(_ status: GRPCStatus) -> Bool { grpcStatuses >> UInt32(status.rawValue) & 1 == 1 }

    /// Whether a try that ended so may be followed by another, if the request allows it.
    func covers(_ reason: Reason) -> Bool {
        switch reason {
        case .connectRefused, .connectTimeout, .connectFailed, .tlsHandshakeFailed, .tlsCertificateInvalid,
            .upstreamRefused:
            connectFailure
        case .upstreamReset, .upstreamClosed: reset
        case .upstreamTimeout: timeout
        default: false
        }
    }

    func covers(status: Int) -> Bool {
        switch status {
        case 500..<564: statuses.0 >> UInt64(status - 500) & 1 == 1
        case 564..<600: statuses.1 >> UInt64(status - 564) & 1 == 1
        default: false
        }
    }
}

extension Reason {
    /// The try ended before the server did anything with the request.
    var isBeforeRequest: Bool {
        switch self {
        case .connectRefused, .connectTimeout, .connectFailed, .upstreamRefused: true
        default: false
        }
    }
}
