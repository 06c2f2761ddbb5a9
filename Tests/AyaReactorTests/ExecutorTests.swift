internal import AyaCore
internal import AyaReactor
internal import AyaTestSupport
internal import CAyaSystem
internal import Testing

struct ExecutorTests {
    private static func start() throws -> WorkerThread { try WorkerThread(index: 7, processor: nil) { _ in } }

    private static func stop(_ thread: WorkerThread) {
        thread.post { $0.stop() }
        thread.join()
    }

    @Test func tasksStayOnTheWorkersThread() async throws {
        let thread = try Self.start()
        let (executor, home) = await thread.ask { ($0.executor, aya_thread_identity()) }
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<200 {
                group.addTask(executorPreference: executor) {
                    var stayed = aya_thread_identity() == home
                    for _ in 0..<5 {
                        await Task.yield()
                        stayed = stayed && aya_thread_identity() == home
                    }
                    return stayed
                }
            }
            for await stayed in group { #expect(stayed) }
        }
        Self.stop(thread)
    }

    @Test func theRingGrowsUnderMoreJobsThanItHolds() async throws {
        let thread = try Self.start()
        let order = Box<[Int]>([])
        thread.post { worker in
            for index in 0..<5000 {
                Task.detached(executorPreference: worker.executor) { order.change { $0.append(index) } }
            }
        }
        #expect(await eventually { order.value.count == 5000 })
        #expect(order.value == Array(0..<5000), "jobs run in the order in which they came")
        Self.stop(thread)
    }

    @Test func messagesFromManyThreadsAllArrive() async throws {
        let thread = try Self.start()
        let count = Box(0)
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask { for _ in 0..<500 { thread.post { _ in count.change { $0 += 1 } } } }
            }
        }
        #expect(await thread.ask { _ in true })
        #expect(count.value == 4000)
        Self.stop(thread)
    }

    @Test func workOfATurnEndsItOnce() async throws {
        final class Work: TurnEndWork {
            let flushes: Box<Int>
            init(_ flushes: Box<Int>) { self.flushes = flushes }
            func flush() { flushes.change { $0 += 1 } }
        }
        let thread = try Self.start()
        let flushes = Box(0)
        let before = await thread.ask { worker in
            worker.atTurnEnd(Work(flushes))
            return flushes.value
        }
        #expect(before == 0)
        #expect(await eventually { flushes.value == 1 })
        #expect(await thread.ask { _ in flushes.value } == 1)
        Self.stop(thread)
    }
}
