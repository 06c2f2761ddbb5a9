internal import AyaCore
package import AyaTelemetry
internal import CAyaKafka
internal import Glibc

/// Sends each record to Apache Kafka as a message, by librdkafka.
///
/// The library has its own queue, threads and second tries; what it has of the batch is remembered by number, so that
/// nothing is handed to it twice, and the batch is let go of in the order in which brokers have taken it.
// Safe: used by its log's thread alone once it is made; reports come only while that thread polls.
@safe package final class KafkaSink: LogSink {
    package struct Settings: Sendable {
        package var brokers: [String]
        package var topic: String
        /// By the library's names for them.
        package var properties: [(name: String, value: String)] = []

        package init(brokers: [String], topic: String) {
            self.brokers = brokers
            self.topic = topic
        }
    }

    package let limits = LogBatchLimits.remote
    private var producer: OpaquePointer?
    private let topic: String
    /// What became of the records that the library has, oldest first.
    private var outcomes: [Outcome] = []
    /// The number of the oldest.
    private var first: UInt64 = 0

    private enum Outcome: Equatable {
        case open, taken
        case lost(String)
    }

    /// How long a batch waits for brokers before the log says that it cannot be written.
    private static let patience: (polls: Int, milliseconds: Int32) = (50, 100)

    package init(_ settings: Settings) throws(CallFault) {
        topic = settings.topic
        let fixed = [
            ("bootstrap.servers", settings.brokers.joined(separator: ",")), ("client.id", "aya"),
            // The log itself decides how long it keeps a record.
            ("message.timeout.ms", "0"), ("log.connection.close", "false"),
        ]
        let words = (fixed + settings.properties.map { ($0.name, $0.value) }).flatMap { [$0.0, $0.1] }
        var problem = [CChar](repeating: 0, count: 512)
        let pointers = unsafe words.map { unsafe UnsafePointer(strdup($0)) }
        defer { unsafe pointers.forEach { unsafe free(UnsafeMutableRawPointer(mutating: $0)) } }
        unsafe producer = aya_kafka_open(
            pointers, pointers.count, settings.topic,
            { context, number, error in
                guard let context = unsafe context else { return }
                let sink = unsafe Unmanaged<KafkaSink>.fromOpaque(context).takeUnretainedValue()
                sink.report(number, unsafe error.map { unsafe String(cString: $0) })
            }, Unmanaged.passUnretained(self).toOpaque(), &problem, problem.count)
        guard unsafe producer != nil else {
            throw CallFault(String(decoding: problem.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
    }

    deinit { close() }

    /// A message has an end of its own.
    package func append(_ record: PackedRecord, _ formatter: LineFormatter, to line: inout LineCursor) {
        formatter.append(record, to: &line)
    }

    package func deliver(_ batch: LogBatch) -> LogDelivery {
        guard let producer = unsafe producer else { return .refused("the producer has ended") }
        unsafe handOver(batch, to: producer)
        var polls = 0
        while outcomes.first == .open, polls < Self.patience.polls {
            _ = unsafe aya_kafka_poll(producer, Self.patience.milliseconds)
            polls += 1
        }
        let settled = outcomes.prefix { $0 != .open }
        guard !settled.isEmpty else {
            let problem = unsafe String(cString: aya_kafka_problem(producer))
            return .failed(problem.isEmpty ? "no broker takes records for '\(topic)'" : problem)
        }
        for _ in settled { batch.takeFirstRecord() }
        var (lost, reason) = (0, "")
        for case .lost(let why) in settled { (lost, reason) = (lost + 1, why) }
        outcomes.removeFirst(settled.count)
        first += UInt64(settled.count)
        return lost == 0 ? .done : .taken(lost: lost, reason)
    }

    /// All of the batch that the library has not, as far as its queue has room.
    private func handOver(_ batch: LogBatch, to producer: OpaquePointer) {
        while outcomes.count < batch.count {
            let record = unsafe batch.record(outcomes.count)
            let number = first + UInt64(outcomes.count)
            switch unsafe aya_kafka_send(producer, record.baseAddress, record.count, number) {
            case 0: outcomes.append(.open)
            case -1: return
            default: outcomes.append(.lost(unsafe String(cString: aya_kafka_problem(producer))))
            }
        }
    }

    private func report(_ number: UInt64, _ error: String?) {
        let index = number &- first
        guard index < UInt64(outcomes.count) else { return }
        outcomes[Int(index)] = error.map { .lost($0) } ?? .taken
    }

    package func close() {
        if let producer = unsafe producer { unsafe aya_kafka_close(producer) }
        unsafe producer = nil
    }
}
