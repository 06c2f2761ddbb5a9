package import AyaConfig
internal import AyaCore
package import AyaReactor
package import AyaTLS

/// Gets certificates for names that clients ask for, when the operator's own service says that they may have one.
///
/// Whoever points a name at Aya makes it order a certificate, and authorities count orders: so there is always somebody
/// to be asked first, a bound on orders in an hour, and one on names in all.
package final class OnDemandHosts {
    private let settings: Blueprint.OnDemand
    private let demand: NameDemand
    private let store: CertificateStore
    private let shelf: ACMEShelf
    private let permission: NamePermission
    private let worker: Worker
    /// Makes somebody who sees to a host's certificate.
    private let keep: (String, NamePermission?, @escaping (AutomaticHost.News) -> Void) -> AutomaticHost
    private let tell: (String, News) -> Void
    private var hosts: [String: AutomaticHost] = [:]
    private var questions: [String: NameQuestion] = [:]
    /// When orders began, in seconds since 1970; those of the last hour.
    private var orders: [Int64] = []

    package enum News: Sendable {
        case host(AutomaticHost.News)
        case refused(reason: String)
    }

    /// Seconds for which a name is not looked into again.
    private static let afterRefusal: Int64 = 60
    private static let afterFailure: Int64 = 600

    package init(
        _ settings: Blueprint.OnDemand, demand: NameDemand, store: CertificateStore, shelf: ACMEShelf,
        caller: HTTPSCaller, worker: Worker,
        keep: @escaping (String, NamePermission?, @escaping (AutomaticHost.News) -> Void) -> AutomaticHost,
        tell: @escaping (String, News) -> Void
    ) {
        self.settings = settings
        self.demand = demand
        self.store = store
        self.shelf = shelf
        permission = NamePermission(settings.ask, caller: caller)
        self.worker = worker
        self.keep = keep
        self.tell = tell
    }

    /// Takes over what a former one has got; `others` are seen to by somebody else.
    package func adopt(others: Set<String>) {
        for (owner, _) in store.all where !others.contains(owner) && shelf.modified(owner) != 0 { begin(owner) }
    }

    package func stop() {
        demand.listen(nil)
        for host in hosts.values { host.stop() }
        for question in questions.values { question.stop() }
    }

    /// A client asks for a name that no certificate has.
    package func want(_ name: String) {
        guard hosts[name] == nil, questions[name] == nil else { return }
        guard hosts.count < settings.most else { return refuse(name, "there are \(settings.most) names already") }
        questions[name] = NameQuestion(name, permission, worker: worker) { [weak self] in
            self?.answered(name, refusal: $0)
        }
    }

    private func answered(_ name: String, refusal: String?) {
        questions[name] = nil
        if let refusal { return refuse(name, refusal) }
        if let kept = shelf.certificate(name) {
            store.replace(name, with: [kept])
            demand.settle(name, refusedFor: nil, now: Certificate.now())
            return begin(name)
        }
        let now = Certificate.now()
        orders.removeAll { $0 <= now - 3600 }
        guard orders.count < settings.hourly else { return refuse(name, "\(settings.hourly) were ordered this hour") }
        orders.append(now)
        begin(name)
    }

    private func begin(_ name: String) {
        hosts[name] = keep(name, permission) { [weak self] in self?.happened($0, to: name) }
    }

    private func happened(_ news: AutomaticHost.News, to name: String) {
        tell(name, .host(news))
        let now = Certificate.now()
        switch news {
        case .obtained, .adopted: demand.settle(name, refusedFor: nil, now: now)
        case .notKept, .notAllowed: break
        case .ranOut:
            hosts.removeValue(forKey: name)?.stop()
            shelf.drop(name)
        case .failed:
            // One that has a certificate is tried again in its time; a new name may have been somebody's joke.
            guard !store.all.contains(where: { $0.owner == name }) else { return }
            hosts.removeValue(forKey: name)?.stop()
            demand.settle(name, refusedFor: Self.afterFailure, now: now)
        }
    }

    private func refuse(_ name: String, _ reason: String) {
        tell(name, .refused(reason: reason))
        demand.settle(name, refusedFor: Self.afterRefusal, now: Certificate.now())
    }
}
