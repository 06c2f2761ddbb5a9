package import AyaBalance
package import AyaCore
package import AyaReactor

/// Asks one server again and again how loaded it is.
///
/// Its answer is JSON or the page of a node_exporter; of the latter's counters, two pages make a report. The connection
/// is kept for the next time.
package final class LoadPoller: RecurringInquiry {
    /// Why the latest poll brought nothing; nil after a good one.
    package private(set) var failure: ProbeFailure?
    private let inquiry: HTTPInquiry
    private let timeout: Interval
    private var page: NodeExporterSample?
    private var connection: ProbeConnection?
    /// Told of every report, on the poller's thread.
    private let reported: (LoadReport) -> Void
    /// Told when polls begin to fail, and when they are good again.
    private let turned: (LoadPoller) -> Void

    /// Pages of machines with many devices are long; more than this is none.
    private static let bodyLimit = 1 << 20

    package init(
        _ inquiry: HTTPInquiry, interval: Interval, worker: Worker, reported: @escaping (LoadReport) -> Void,
        turned: @escaping (LoadPoller) -> Void
    ) {
        self.inquiry = inquiry
        self.reported = reported
        self.turned = turned
        timeout = min(max(interval, .milliseconds(200)), .seconds(2))
        super.init(ProbeSchedule(interval: interval, jitter: 0.1), worker: worker)
    }

    package override func serve() async {
        let began = worker.now
        let hadFailed = failure != nil
        do {
            let answer = try await inquiry.ask(
                self, bodyLimit: Self.bodyLimit, until: began + timeout, over: &connection)
            failure = take(answer)
        } catch {
            failure = error
        }
        guard !isStopped else { return hangUp() }
        if hadFailed != (failure != nil) { turned(self) }
        park(until: schedule.next(after: began, isDown: false, now: worker.now, random: &worker.random))
    }

    /// From the next poll on.
    package func setInterval(_ interval: Interval) { schedule = ProbeSchedule(interval: interval, jitter: 0.1) }

    package override func stop() {
        super.stop()
        hangUp()
    }

    private func hangUp() {
        connection?.close()
        connection = nil
    }

    private func take(_ answer: HTTPInquiry.Answer) -> ProbeFailure? {
        guard answer.status == 200 else { return ProbeFailure("status \(answer.status)") }
        let text = answer.body.span
        var start = 0
        while start < text.count, text[start] <= 32 { start += 1 }
        if start < text.count, text[start] == UInt8(ascii: "{") {
            guard let report = LoadReport.parse(json: text) else { return ProbeFailure("the answer has no load in it") }
            reported(report)
            return nil
        }
        guard let next = NodeExporterSample(page: text, now: worker.now) else {
            return ProbeFailure("the answer has no load in it")
        }
        if let page { reported(next.report(since: page)) }
        page = next
        return nil
    }
}
