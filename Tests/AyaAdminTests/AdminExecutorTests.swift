internal import AyaAdmin
internal import AyaHTTP
internal import AyaTelemetry
internal import Dispatch
internal import Testing

/// A worker must not render a metrics page between two requests.
@Suite struct AdminExecutorTests {
    static let key = DispatchSpecificKey<Bool>()

    /// Stands for a worker: whatever runs on it is known by its queue.
    final class Loop: TaskExecutor {
        let queue = DispatchQueue(label: "loop")
        init() { queue.setSpecific(key: key, value: true) }
        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            queue.async { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        }
    }

    struct Source: StatusSource {
        var silentWorkers: [Int] = []
        static var place: String { DispatchQueue.getSpecific(key: key) == nil ? "elsewhere" : "on the loop" }
        func metrics() async -> MetricsSnapshot {
            MetricsSnapshot(listeners: [Sample(name: Self.place, counts: .init())])
        }
        func facts() async -> ProcessFacts { ProcessFacts(version: Self.place) }
        func status() async -> ServerStatus { ServerStatus(version: Self.place, readiness: .ready, uptime: .zero) }
        func readiness() async -> Readiness { .ready }
    }

    @Test(arguments: ["/metrics", "/v1/status"]) func answersAwayFromTheCallersExecutor(path: String) async {
        let loop = Loop()
        let (before, response, after) = await Task(executorPreference: loop) {
            let before = Source.place
            let response = await AdminService(Source()).respond(to: ServiceRequest(method: "GET", path: path))
            return (before, response, Source.place)
        }.value
        #expect(before == "on the loop" && after == "on the loop")
        let text = String(decoding: response.body, as: UTF8.self)
        #expect(text.contains("elsewhere") && !text.contains("on the loop"))
    }
}
