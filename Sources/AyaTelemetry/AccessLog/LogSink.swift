/// Where an access log goes: a file, a journal, a collector. It is used by its log's thread alone, and may block.
package protocol LogSink: AnyObject {
    var limits: LogBatchLimits { get }
    /// Writes a record in the form that `deliver` wants.
    func append(_ record: PackedRecord, _ formatter: LineFormatter, to line: inout LineCursor)
    /// Takes what it can from the front of the batch.
    func deliver(_ batch: LogBatch) -> LogDelivery
    /// Goes on in a new file of the same name, or by a new connection; says what went wrong.
    func reopen() -> String?
    func close()
}

/// How much is gathered before it is delivered.
package struct LogBatchLimits: Sendable {
    package var bytes: Int
    /// How long a record may wait for others.
    package var patience: Duration
    /// Between two attempts; each wait is twice as long as the one before.
    package var retry: ClosedRange<Duration>

    package init(bytes: Int, patience: Duration, retry: ClosedRange<Duration>) {
        self.bytes = bytes
        self.patience = patience
        self.retry = retry
    }

    /// Of what stands beside Aya on the same machine.
    package static let local = LogBatchLimits(bytes: 256 * 1024, patience: .zero, retry: .seconds(1)...(.seconds(1)))
    /// Of what is reached over a network, by one call for a batch.
    package static let remote = LogBatchLimits(
        bytes: 1024 * 1024, patience: .seconds(1), retry: .seconds(1)...(.seconds(30)))
}

package enum LogDelivery: Sendable, Equatable {
    /// Everything, or a part, has been taken; go on.
    case done
    /// Not now.
    case failed(String)
    /// Never: the rest of the batch is lost.
    case refused(String)
    /// The batch has been taken, but for so many records of it.
    case taken(lost: Int, String)
}

extension LogSink {
    package func append(_ record: PackedRecord, _ formatter: LineFormatter, to line: inout LineCursor) {
        formatter.append(record, to: &line)
        line.append(UInt8(ascii: "\n"))
    }

    package func reopen() -> String? { nil }
    package func close() {}
}
