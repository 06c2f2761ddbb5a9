internal import AyaACME
internal import AyaProxy
internal import AyaReactor
internal import AyaTLS
internal import AyaTelemetry

/// Sees to it that every certificate that names a responder has somebody who keeps its OCSP answer.
struct StapleDesk {
    private var keepers: [StapleKeeper] = []
    private let shelf = StapleShelf()
    private let gate = OrderGate()
    private let caller = HTTPSCaller(nil, resolve: Resolver.resolveElsewhere)
    private let log: Log

    init(log: Log) { self.log = log }

    /// New certificates get a keeper; those that went lose theirs.
    mutating func look(at listeners: [ListenerCertificates], _ worker: Worker) {
        let wanted = listeners.filter(\.fetchesStaples).flatMap { listener in
            listener.store.all.compactMap { owner, certificate in
                certificate.subject == nil || certificate.hasOwnStaple ? nil : (listener, owner, certificate)
            }
        }
        let kept = Set(wanted.map { ObjectIdentifier($0.2) })
        keepers.removeAll { keeper in
            if kept.contains(ObjectIdentifier(keeper.certificate)) { return false }
            keeper.stop()
            return true
        }
        let served = Set(keepers.map { ObjectIdentifier($0.certificate) })
        for (listener, owner, certificate) in wanted where !served.contains(ObjectIdentifier(certificate)) {
            let keeper = StapleKeeper(
                certificate, store: listener.store, caller: caller, gate: gate, shelf: shelf, worker: worker
            ) { [log] in Self.tell($0, listener.listener, owner, log) }
            if let keeper { keepers.append(keeper) }
        }
    }

    mutating func stop() {
        for keeper in keepers { keeper.stop() }
        keepers = []
    }

    private static func tell(_ news: StapleKeeper.News, _ listener: String, _ owner: String, _ log: Log) {
        switch news {
        case .fetched(let until):
            log.notice(
                "OCSP answer fetched",
                ["listener": listener, "certificate": owner, "until": Certificate.day(until)])
        case .failed(let reason, let retryIn):
            log.warning(
                "no OCSP answer",
                ["listener": listener, "certificate": owner, "error": reason, "retry_in": "\(retryIn)s"])
        case .dropped:
            log.error(
                "the OCSP answer has grown too old and is not shown any more",
                ["listener": listener, "certificate": owner])
        }
    }
}
