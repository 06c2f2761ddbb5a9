internal import AyaCore
internal import AyaHealth
internal import AyaReactor
internal import AyaTestSupport

/// Asks with one probe, on a thread like that of the probes.
private final class Asker: Waiter {
    private let probe: any Probe
    private let patience: Interval
    private let answered: (String?) -> Void

    init(_ probe: any Probe, patience: Interval, worker: Worker, answered: @escaping (String?) -> Void) {
        self.probe = probe
        self.patience = patience
        self.answered = answered
        super.init(worker: worker)
    }

    override func serve() async {
        do {
            try await probe.ask(self, until: worker.now + patience)
            answered(nil)
        } catch {
            answered(error.reason)
        }
    }
}

/// What speaks against the server; nil when it is well.
func ask(
    patience: Interval = .seconds(5), _ make: @escaping @Sendable () -> any Probe
) async throws -> String? {
    let thread = try WorkerThread(index: 0, processor: nil) { _ in }
    let answer = Box<String??>(nil)
    thread.post { worker in
        Asker(make(), patience: patience, worker: worker) { answer.set(.some($0)) }.startServing()
    }
    _ = await eventually { answer.value != nil }
    thread.post { worker in
        worker.breakOff()
        worker.stop()
    }
    await Background { thread.join() }.value
    return answer.value ?? "the probe did not end"
}
