internal import AyaBalance
internal import AyaConfig
internal import AyaCore
package import AyaReactor
internal import AyaTelemetry

/// A UDP listener on one worker: takes datagrams in batches, keeps a flow for each client, and sends the answers of a
/// turn with one system call.
///
/// It never speaks first: whoever has not opened a flow gets nothing, and whoever has gets what the server answers.
package final class UDPListener: Waiter {
    private let listener: ListenerRuntime
    private let runtime: Runtime
    private var pool: PoolRuntime
    private let socket: DatagramSocket
    private var flows: FlowTable
    private var rate: FlowRate
    private let incoming: DatagramBatch
    private let answers: DatagramBatch
    private var isFlushQueued = false
    private var isDraining = false
    /// The path to clients takes trains of datagrams (UDP_SEGMENT).
    private var sendsTrains = true
    private var hasMoreIncoming = false

    /// Datagrams that one reception asks for, from clients and from one server.
    private static let incomingBatch = 32
    private static let answerBatch = 8
    /// Receptions from clients before others have their turn.
    private static let rounds = 16

    /// Takes over a descriptor from `SocketAddress.bindDatagrams`. Nil when the listener's pool does not exist.
    package init?(_ descriptor: Int32, listener: ListenerRuntime, runtime: Runtime) {
        guard let pool = listener.datagramPool else { return nil }
        self.listener = listener
        self.runtime = runtime
        self.pool = pool
        let worker = pool.worker
        socket = DatagramSocket(bound: descriptor, worker: worker)
        flows = FlowTable(seed: worker.random.next())
        rate = FlowRate(now: worker.now)
        incoming = DatagramBatch(reach: Self.incomingBatch, isPacked: false)
        answers = DatagramBatch(reach: 16, isPacked: true)
        super.init(worker: worker)
        socket.receiver = self
    }

    /// What listens, to be handed over to another process.
    package var descriptor: Int32 { socket.descriptor }

    /// Where clients send to.
    package var bind: BoundEndpoint { listener.bind }

    var allFlows: [UDPFlow] { Array(flows.all) }

    /// How many clients have a flow.
    package var flowCount: Int { flows.count }

    /// New flows go where the listener's configuration now says.
    package func followListener() {
        if let next = listener.datagramPool { pool = next }
    }

    /// No new flows; those that exist go on.
    package override func drain() {
        isDraining = true
        if flows.count == 0 { close() }
    }

    /// Ends every flow and closes the socket.
    package func close() {
        isDraining = true
        for flow in flows.all { end(flow, .draining) }
        socket.close()
    }

    /// Its share of a turn was used up: goes on.
    package override func parkedEvent() {
        if hasMoreIncoming { datagramsWait() }
    }

    // MARK: flows

    private func open(_ client: SocketAddress, local: SocketAddress?) -> UDPFlow? {
        let counts = listener.metrics
        if isDraining {
            counts.counts.sessions.record(.draining)
            return nil
        }
        guard listener.gate.mayAccept else {
            counts.counts.sessions.record(.resourceExhausted)
            return nil
        }
        guard rate.take(now: worker.now), let lease = listener.gate.enter(client.ip) else {
            counts.counts.connectionsRefused &+= 1
            counts.counts.sessions.record(.connectionLimit)
            return nil
        }
        guard let (server, socket) = connect(client, excluding: .none) else {
            counts.counts.sessions.record(.noServer)
            return nil
        }
        let flow = UDPFlow(
            client: client, local: local, pool: pool, server: server, socket: socket, listener: self, lease: lease)
        flows.insert(flow)
        counts.counts.flowsOpen &+= 1
        counts.counts.connectionsAccepted &+= 1
        return flow
    }

    /// Goes on with flows that another process began. Those whose server is gone, or that are too many, are closed.
    package func adopt(_ bequests: [FlowBequest]) {
        for one in bequests {
            guard flows.find(one.client) == nil, Array(one.pool.utf8) == pool.name,
                let lease = listener.gate.enter(one.client.ip)
            else {
                Descriptors.close(one.descriptor)
                continue
            }
            guard let server = pool.resume(on: Array(one.server.utf8)) else {
                Descriptors.close(one.descriptor)
                continue
            }
            let flow = UDPFlow(
                client: one.client, local: one.local, pool: pool, server: server,
                socket: DatagramSocket(connected: one.descriptor, worker: worker), listener: self, lease: lease)
            flows.insert(flow)
            listener.metrics.counts.flowsOpen &+= 1
            flow.setDeadline(worker.now + listener.timeouts.idle)
        }
    }

    /// A server and a socket to it. Connecting a datagram socket never waits.
    private func connect(
        _ client: SocketAddress, excluding tried: ExcludedServers
    ) -> (ServerRuntime, DatagramSocket)? {
        var excluded = tried
        while let server = pool.begin(client: client.ip, excluding: excluded) {
            server.metrics.counts.connects &+= 1
            if case .address(let address) = server.endpoint,
                let socket = try? DatagramSocket(connectedTo: address, worker: worker)
            {
                if pool.persistence != nil { pool.settle(client.ip, on: server) }
                return (server, socket)
            }
            pool.finish(server, Observation(.failure, latency: .zero, now: worker.now))
            server.metrics.counts.connectFailures &+= 1
            server.metrics.counts.reasons.record(.connectFailed)
            excluded.insert(server.index)
        }
        return nil
    }

    func end(_ flow: UDPFlow, _ reason: Reason) {
        flows.remove(flow)
        if runtime.isRecording { record(flow, reason) }
        flow.pool.finish(flow.server, nil)
        flow.close()
        listener.metrics.counts.flowsOpen &-= 1
        listener.metrics.counts.sessions.record(reason)
        if isDraining, flows.count == 0 { socket.close() }
    }

    private func record(_ flow: UDPFlow, _ reason: Reason) {
        var record = AccessRecord()
        record.kind = .flow
        record.total = worker.now - flow.start
        record.time = worker.wallClock &- record.total.nanoseconds
        unsafe record.listener = listener.recordName.bytes
        record.client = flow.client
        unsafe record.pool = flow.pool.recordName.bytes
        unsafe record.server = flow.server.recordName.bytes
        record.bytesReceived = flow.bytesReceived
        record.bytesSent = flow.bytesSent
        record.reason = reason
        record.attempts = flow.attempts
        runtime.record(record)
    }

    /// The kernel says that nobody listens at the flow's server: the next datagram goes to another, if there is one.
    private func serverFailed(_ flow: UDPFlow, _ error: SystemError) {
        let failed = flow.server
        failed.metrics.counts.connectFailures &+= 1
        failed.metrics.counts.reasons.record(error.isRefused ? .connectRefused : .connectFailed)
        let former = flow.pool
        let tried = former === pool ? ExcludedServers([failed.index]) : .none
        guard let (server, socket) = connect(flow.client, excluding: tried) else { return }
        pool.metrics.counts.retries &+= 1
        flow.move(to: server, of: pool, socket)
        former.finish(failed, Observation(.failure, latency: .zero, now: worker.now))
    }

    // MARK: from clients to servers

    private func forward(_ range: Range<Int>) {
        let datagrams = range.reduce(0) { $0 + incoming.datagrams($1) }
        listener.metrics.counts.datagramsReceived &+= UInt64(datagrams)
        guard let client = incoming.peer(range.lowerBound),
            let flow = flows.find(client) ?? open(client, local: incoming.local(range.lowerBound))
        else { return drop(datagrams) }
        flow.setDeadline(worker.now + listener.timeouts.idle)
        var next = range.lowerBound
        var failures = 0
        while next < range.upperBound {
            if incoming.isTruncated(next) {
                drop(1)
                next += 1
                continue
            }
            switch flow.socket.send(next..<range.upperBound, of: incoming) {
            case .success(let sent):
                for index in next..<next + sent { count(index, of: flow) }
                next += max(1, sent)
            case .failure(let error) where error.isUnreachable && failures < pool.retry.attempts:
                // Told about an earlier datagram; this one has not been sent yet.
                failures += 1
                serverFailed(flow, error)
            case .failure(let error) where error.wouldBlock:
                return drop((next..<range.upperBound).reduce(0) { $0 + incoming.datagrams($1) })
            case .failure:
                let train = incoming.datagrams(next)
                let sent = train > 1 ? flow.socket.sendSingly(next, of: incoming) : 0
                if sent > 0 { count(next, of: flow) }
                drop(train - sent)
                next += 1
            }
        }
    }

    private func count(_ index: Int, of flow: UDPFlow) {
        let length = UInt64(incoming.length(index))
        listener.metrics.counts.bytesReceived &+= length
        flow.server.metrics.counts.bytesSent &+= length
        flow.bytesReceived &+= length
    }

    private func drop(_ datagrams: Int) { listener.metrics.counts.datagramsDropped &+= UInt64(max(0, datagrams)) }

    // MARK: from servers to clients

    /// Takes over a flow's answers; they leave at the end of the turn. What is left comes with the next event.
    func collect(from flow: UDPFlow) {
        if !answers.hasRoom(for: Self.answerBatch) { sendAnswers() }
        let first = answers.count
        let received =
            flow.pace.step == .single
            ? flow.socket.receiveOne(into: answers) : flow.socket.receive(into: answers, limit: Self.answerBatch)
        switch received {
        case .success(let count):
            if count > 0 { direct(first..<first + count, to: flow) }
            flow.received(count)
        case .failure(let error): serverFailed(flow, error)
        }
    }

    private func direct(_ range: Range<Int>, to flow: UDPFlow) {
        flow.setDeadline(worker.now + listener.timeouts.idle)
        for index in range {
            let length = UInt64(answers.length(index))
            flow.server.metrics.counts.bytesReceived &+= length
            flow.bytesSent &+= length
            answers.direct(index, to: flow.client, from: flow.local)
        }
        if sendsTrains { answers.joinTrains(from: range.lowerBound) }
        if !isFlushQueued {
            isFlushQueued = true
            worker.atTurnEnd(self)
        }
    }

    private func sendAnswers() {
        var next = 0
        while next < answers.count {
            switch socket.send(next..<answers.count, of: answers) {
            case .success(let sent):
                for index in next..<next + sent { countAnswer(index, answers.datagrams(index)) }
                next += max(1, sent)
            case .failure(let error) where error.wouldBlock:
                for index in next..<answers.count { drop(answers.datagrams(index)) }
                next = answers.count
            case .failure:
                let train = answers.datagrams(next)
                if train > 1 {
                    sendsTrains = false
                    let sent = socket.sendSingly(next, of: answers)
                    countAnswer(next, sent)
                    drop(train - sent)
                } else {
                    drop(1)
                }
                next += 1
            }
        }
        answers.clear()
    }

    private func countAnswer(_ index: Int, _ datagrams: Int) {
        listener.metrics.counts.datagramsSent &+= UInt64(datagrams)
        listener.metrics.counts.bytesSent &+= UInt64(answers.length(index))
    }
}

extension UDPListener: DatagramReceiver {
    package func datagramsWait() {
        hasMoreIncoming = false
        for _ in 0..<Self.rounds {
            incoming.clear()
            guard case .success(let received) = socket.receive(into: incoming, limit: Self.incomingBatch) else {
                return
            }
            var start = 0
            while start < received {
                var end = start + 1
                while end < received, incoming.samePeer(start, end) { end += 1 }
                forward(start..<end)
                start = end
            }
            if received < Self.incomingBatch { return }
        }
        hasMoreIncoming = true
        worker.wakeNextTurn(self)
    }
}

extension UDPListener: TurnEndWork {
    package func flush() {
        isFlushQueued = false
        sendAnswers()
    }
}
