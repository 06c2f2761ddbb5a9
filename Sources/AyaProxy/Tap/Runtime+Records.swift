internal import AyaTelemetry

/// Where records of what has ended go: to the readers of records, and to whoever watches.
extension Runtime {
    /// Of a session or a flow, which has no head.
    func record(_ record: borrowing AccessRecord) { self.record(record) { _ in false } }

    /// - Parameter hasField: whether the request has a field of that name, with that value if there is one.
    func record(_ record: borrowing AccessRecord, _ hasField: (TapFilter.Field) -> Bool) {
        recorder?.append(record)
        tap?.offer(record, hasField)
    }

    /// From now on, what ends is told there too.
    package func setTaps(_ channels: [TapChannel]) {
        if channels.isEmpty {
            tap?.flush()
            tap = nil
        } else if let tap {
            tap.take(channels)
        } else {
            tap = WorkerTap(channels, worker: worker)
        }
        noteReaders()
    }
}
