internal import AyaCore
internal import AyaHTTP
internal import AyaReactor
internal import AyaTelemetry

/// A worker's end of the channels through which exchanges are watched. It exists only while somebody watches.
///
/// Records of a turn are gathered in a block of the worker's own for each channel and handed over at the turn's end, so
/// that a lock is taken once a turn and never while a record is written.
final class WorkerTap {
    private let worker: Worker
    private var pipes: [Pipe]
    private let encoder = AccessLineWriter()
    private var isFlushQueued = false

    private final class Pipe {
        let channel: TapChannel
        let block = Buffer(capacity: 64 << 10)
        var records = 0

        init(_ channel: TapChannel) { self.channel = channel }
    }

    init(_ channels: [TapChannel], worker: Worker) {
        self.worker = worker
        pipes = channels.map(Pipe.init)
    }

    /// Goes on with these channels.
    func take(_ channels: [TapChannel]) {
        flush()
        pipes = channels.map { channel in pipes.first { $0.channel === channel } ?? Pipe(channel) }
    }

    /// - Parameter hasField: whether the request has a field of that name, with that value if there is one.
    func offer(_ record: borrowing AccessRecord, _ hasField: (TapFilter.Field) -> Bool) {
        for pipe in pipes {
            let channel = pipe.channel
            guard channel.filter.matches(record), channel.filter.fields.allSatisfy(hasField) else { continue }
            if let threshold = channel.threshold, worker.random.next() >= threshold { continue }
            guard channel.admit(at: worker.now) else { continue }
            if !append(record, to: pipe) {
                // A line is far shorter than a block, so that it fits into an empty one.
                handOver(pipe)
                if !append(record, to: pipe) { channel.drop() }
            }
            if !isFlushQueued {
                isFlushQueued = true
                worker.atTurnEnd(self)
            }
        }
    }

    private func append(_ record: borrowing AccessRecord, to pipe: Pipe) -> Bool {
        let (block, end) = (pipe.block, pipe.block.end)
        block.append("event: exchange\ndata: ")
        if encoder.append(record, to: block) { block.append("\n") }
        guard !block.overflowed, block.end > end + 24 else {
            block.truncate(to: end)
            return false
        }
        pipe.records += 1
        return true
    }

    private func handOver(_ pipe: Pipe) {
        if pipe.records > 0 { pipe.channel.deliver(unsafe Array(pipe.block.unread), records: pipe.records) }
        pipe.block.clear()
        pipe.records = 0
    }

    func reportDrops() { for pipe in pipes { pipe.channel.reportDrops() } }
}

extension WorkerTap: TurnEndWork {
    func flush() {
        isFlushQueued = false
        for pipe in pipes { handOver(pipe) }
    }
}
