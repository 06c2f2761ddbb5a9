internal import AyaACME
internal import AyaProxy
internal import AyaReactor
internal import AyaTLS
internal import AyaTelemetry

/// Sees to it that every certificate that names a responder has somebody who keeps its OCSP answer.
struct StapleDesk {
    private var keepers: [StapleKeeper] = []
    private let shelf: StapleShelf
    private let gate = OrderGate()
    private let caller = HTTPSCaller(nil, resolve: Resolver.resolveElsewhere)
    private let log: Log

    init(_ files: StapleFiles?, log: Log) {
        shelf = StapleShelf(files)
        self.log = log
        files?.sweep(now: Certificate.now())
    }

    /// Shows what is kept from before with its certificates, so that nobody gets one without an answer after a restart.
    static func restore(_ files: StapleFiles, to listeners: [ListenerCertificates], log: Log) {
        let now = Certificate.now()
        for listener in listeners where listener.fetchesStaples {
            var stapled: [(old: Certificate, new: Certificate)] = []
            for (_, certificate) in listener.store.all where certificate.staple == nil && !certificate.hasOwnStaple {
                guard let subject = certificate.subject else { continue }
                switch files.read(subject, now: now) {
                case .none: break
                case .answer(let answer):
                    if let new = try? Certificate(certificate, staple: answer) { stapled.append((certificate, new)) }
                case .useless(let file, let reason):
                    log.notice(
                        "kept OCSP answer not used",
                        ["listener": listener.listener, "file": file, "reason": reason])
                }
            }
            if !stapled.isEmpty { listener.store.exchange(stapled) }
        }
    }

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
        case .notKept:
            log.warning("the OCSP answer can't be kept on disk", ["listener": listener, "certificate": owner])
        case .dropped:
            log.error(
                "the OCSP answer has grown too old and is not shown any more",
                ["listener": listener, "certificate": owner])
        }
    }
}
