internal import Glibc

/// Standard error, which is never reopened or closed.
package final class StandardErrorSink: LogSink {
    package let limits = LogBatchLimits.local

    package init() {}

    package func deliver(_ batch: LogBatch) -> LogDelivery {
        let bytes = unsafe batch.bytes
        let count = unsafe Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
        if count > 0 {
            batch.take(bytes: count)
            return .done
        }
        let code = count == 0 ? EIO : errno
        switch code {
        case EINTR: return .done
        case EPIPE, EBADF, EINVAL: return .refused(SystemCall.message(code))
        default: return .failed(SystemCall.message(code))
        }
    }
}
