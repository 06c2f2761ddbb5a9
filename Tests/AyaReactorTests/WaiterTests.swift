internal import AyaCore
internal import AyaReactor
internal import AyaTestSupport
internal import Testing

struct WaiterTests {
    private func withWorker(_ body: (WorkerThread) async throws -> Void) async throws {
        let thread = try WorkerThread(index: 0, processor: nil) { _ in }
        try await body(thread)
        thread.post { $0.stop() }
        thread.join()
    }

    /// Sleeps until woken or `patience` has passed, and tells which; then parks, counting what comes.
    private final class Sleeper: Waiter {
        let patience: Interval
        let log: Box<[String]>

        init(worker: Worker, patience: Interval, log: Box<[String]>) {
            self.patience = patience
            self.log = log
            super.init(worker: worker)
        }

        func note(_ text: String) { log.change { $0.append(text) } }

        override func serve() async {
            note("serving")
            let start = worker.now
            let woken = await wait(until: start + patience)
            note(woken ? "woken" : worker.now < start + patience ? "early" : "late")
            park(until: worker.now + .milliseconds(20))
        }

        override func parkedTimeout() { note("parked timeout") }
    }

    @Test func anEventWakesADeadlineEnds() async throws {
        try await withWorker { thread in
            let log = Box<[String]>([])
            thread.post { worker in
                let sleeper = Sleeper(worker: worker, patience: .milliseconds(30), log: log)
                sleeper.startServing()
            }
            #expect(await eventually { log.value.count >= 2 })
            #expect(log.value.prefix(2) == ["serving", "late"])
        }
    }

    @Test func aParkedWaiterServesAgainOnTheNextEvent() async throws {
        try await withWorker { thread in
            let log = Box<[String]>([])
            let (near, far) = try Peer.pair()
            thread.post { worker in
                let socket = Socket(far, worker: worker)
                socket.waiter = Sleeper(worker: worker, patience: .seconds(600), log: log)
            }
            // Becoming watched is an event: the socket is writable. It starts the first serve.
            #expect(await eventually { log.value == ["serving"] })
            near.send("x")
            #expect(await eventually { log.value == ["serving", "woken", "parked timeout"] })
            near.send("y")
            #expect(await eventually { log.value.count == 4 })
            near.send("z")
            #expect(await eventually { log.value.count == 6 })
            #expect(log.value.dropFirst(3) == ["serving", "woken", "parked timeout"])
        }
    }

    @Test func aDeadlineThatHasPassedDoesNotSleep() async throws {
        try await withWorker { thread in
            final class Hasty: Waiter {
                let answer: Box<Bool?>
                init(worker: Worker, answer: Box<Bool?>) {
                    self.answer = answer
                    super.init(worker: worker)
                }
                override func serve() async {
                    let woken = await wait(until: worker.now)
                    answer.set(woken)
                }
            }
            let answer = Box<Bool?>(nil)
            thread.post { worker in Hasty(worker: worker, answer: answer).startServing() }
            #expect(await eventually { answer.value == false })
        }
    }

    @Test func stepsComeInOrderAfterTheEventsAndBeforeTheTurnsEnd() async throws {
        try await withWorker { thread in
            final class Stepper: Waiter {
                let name: String
                let log: Box<[String]>
                var next: Stepper?
                init(worker: Worker, name: String, log: Box<[String]>) {
                    self.name = name
                    self.log = log
                    super.init(worker: worker)
                }
                override func parkedEvent() {
                    log.set(log.value + ["event \(name)"])
                    stepSoon()
                }
                override func step() {
                    log.set(log.value + ["step \(name)"])
                    // An event while its step is due or running is no second one.
                    wake()
                    next?.wake()
                    park(until: .distantFuture)
                }
            }
            let log = Box<[String]>([])
            thread.post { worker in
                let (first, second) = (
                    Stepper(worker: worker, name: "1", log: log), Stepper(worker: worker, name: "2", log: log)
                )
                first.next = Stepper(worker: worker, name: "3", log: log)
                first.wake()
                first.wake()
                second.wake()
            }
            #expect(await eventually { log.value.count == 6 })
            #expect(log.value == ["event 1", "event 2", "step 1", "event 3", "step 2", "step 3"])
        }
    }

    @Test func nextTurnComesAfterThisOne() async throws {
        try await withWorker { thread in
            let log = Box<[String]>([])
            thread.post { worker in
                let sleeper = Sleeper(worker: worker, patience: .seconds(600), log: log)
                worker.wakeNextTurn(sleeper)
                sleeper.note("posted")
            }
            #expect(await eventually { log.value == ["posted", "serving"] })
        }
    }

    @Test func tasksAreUsedAgain() async throws {
        try await withWorker { thread in
            final class Short: Waiter {
                override func serve() async {}
            }
            for _ in 0..<50 {
                await thread.ask { worker in Short(worker: worker).startServing() }
            }
            #expect(await thread.ask { $0.tasks.count } == 1)
        }
    }
}
