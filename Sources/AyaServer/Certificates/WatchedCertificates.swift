internal import AyaACME
internal import AyaConfig
internal import AyaProxy
internal import AyaTLS
internal import AyaTelemetry

/// Every certificate of a configuration that somebody has to look after, with what that takes.
struct WatchedCertificates: Sendable {
    let listeners: [ListenerCertificates]
    let automatic: [Automatic]
    /// What authorities are answered on listeners without TLS.
    let challenges: ChallengeAnswers?
    /// Where OCSP answers are kept; nil where there is no place.
    let staples: StapleFiles?

    /// A listener whose certificates come by ACME.
    struct Automatic: Sendable {
        let listener: ListenerCertificates
        let settings: Blueprint.Automatic
        let shelf: ACMEShelf
        /// Towards the authority.
        let context: ClientContext
        /// Towards who says whether a name may have a certificate; nil: nobody is asked.
        let askContext: ClientContext?

        var hosts: [String] { settings.hosts.map(\.description) }
    }

    init(none: Void = ()) {
        listeners = []
        automatic = []
        challenges = nil
        staples = nil
    }

    /// Takes what is kept on disk into the listeners' stores, so that they serve from the first moment.
    /// - Throws: when nothing can be kept: each start would ask for new certificates, until the authority gives none.
    init(_ security: Security, of blueprint: Blueprint, log: Log) throws(StartError) {
        listeners = security.certificates
        challenges = security.challenges
        staples = listeners.contains(where: \.fetchesStaples) ? StapleFiles(state: blueprint.state) : nil
        var automatic: [Automatic] = []
        for listener in security.certificates {
            guard let settings = listener.automatic else { continue }
            guard let shelf = ACMEShelf(state: blueprint.state, authority: settings.directory) else {
                throw StartError(
                    "listener '\(listener.listener)': certificates that come by themselves can't be kept in "
                        + "'\(blueprint.state)' (make that directory, or set 'state')")
            }
            automatic.append(
                Automatic(
                    listener: listener, settings: settings, shelf: shelf,
                    context: try Self.context(settings, listener.listener),
                    askContext: settings.onDemand == nil ? nil : try Self.context(.init(), listener.listener)))
            for host in settings.hosts.map(\.description) {
                if let kept = shelf.certificate(host) { listener.store.replace(host, with: [kept]) }
            }
        }
        self.automatic = automatic
        if let staples { StapleDesk.restore(staples, to: listeners, log: log) }
    }

    private static func context(
        _ settings: Blueprint.Automatic, _ listener: String
    ) throws(StartError) -> ClientContext {
        var client = ClientSettings()
        client.protocols = ["http/1.1"]
        if let path = settings.authorities { client.verification = .file(path) }
        do throws(CertificateFault) {
            return try ClientContext(client)
        } catch {
            throw StartError("listener '\(listener)': \(error)")
        }
    }
}
